; What a constructor makes of its object: @name is the attribute, the rest as in symbols.scm.
; @owner is what must be the method's first parameter.

(assignment
  left: (attribute
    object: (identifier) @owner
    attribute: (identifier) @name)
  type: (type)? @type
  right: (_)? @value) @member
