; Each definition is captured as @definition.<kind>, its name as @name, and what is left out of
; its signature as @body. A query sees one statement at a time and matches only at its root.

(function_declaration
  name: (identifier) @name
  body: (_) @body) @definition.function

(generator_function_declaration
  name: (identifier) @name
  body: (_) @body) @definition.function

(class_declaration
  name: (_) @name
  body: (class_body) @body) @definition.class

(method_definition
  name: (_) @name
  body: (_) @body) @definition.method

(lexical_declaration
  (variable_declarator
    name: (identifier) @name)) @definition.variable

(variable_declaration
  (variable_declarator
    name: (identifier) @name)) @definition.variable

(lexical_declaration
  (variable_declarator
    name: (identifier) @name
    value: [
      (arrow_function body: (_) @body)
      (function_expression body: (_) @body)
    ])) @definition.function
