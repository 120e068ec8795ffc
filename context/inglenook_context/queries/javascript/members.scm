; What a constructor makes of its object: @name is the attribute, the rest as in symbols.scm.

(assignment_expression
  left: (member_expression
    object: (this) @owner
    property: (_) @name)
  right: (_) @value) @member
