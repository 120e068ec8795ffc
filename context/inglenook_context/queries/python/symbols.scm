; Each definition is captured as @definition.<kind>, its name as @name, and what is left out of
; its signature as @body; what it returns or holds as @type, what a class is made from as @bases,
; and a value whose class may be seen as @value. A query sees one statement at a time and matches
; only at its root.

(function_definition
  name: (identifier) @name
  return_type: (type)? @type
  body: (block) @body) @definition.function

(class_definition
  name: (identifier) @name
  superclasses: (argument_list)? @bases
  body: (block) @body) @definition.class

(expression_statement
  (assignment
    left: (identifier) @name
    type: (type)? @type
    right: (_)? @value)) @definition.variable

(type_alias_statement
  left: (type (identifier) @name)) @definition.type
