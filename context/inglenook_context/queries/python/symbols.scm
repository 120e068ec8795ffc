; Each definition is captured as @definition.<kind>, its name as @name, and what is left out of
; its signature as @body. A query sees one statement at a time and matches only at its root.

(function_definition
  name: (identifier) @name
  body: (block) @body) @definition.function

(class_definition
  name: (identifier) @name
  body: (block) @body) @definition.class

(expression_statement
  (assignment
    left: (identifier) @name)) @definition.variable

(type_alias_statement
  left: (type (identifier) @name)) @definition.type
