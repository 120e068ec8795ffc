; The parameters of a constructor that are properties of its object, in the captures of
; ../javascript/members.scm.

(required_parameter
  [(accessibility_modifier) "readonly"]
  pattern: (identifier) @name
  type: (type_annotation)? @type) @member

(optional_parameter
  [(accessibility_modifier) "readonly"]
  pattern: (identifier) @name
  type: (type_annotation)? @type) @member
