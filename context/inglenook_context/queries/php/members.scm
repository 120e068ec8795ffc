; The parameters of a constructor that are properties of its object.

(property_promotion_parameter
  type: (_)? @type
  name: (variable_name (name) @name)) @member
