; What TypeScript's grammar names otherwise, or has with types, in the captures of
; ../javascript/symbols.scm.

(function_declaration
  name: (identifier) @name
  body: (_) @body) @definition.function

(method_definition
  name: (_) @name
  body: (_) @body) @definition.method

(_ ; lexical_declaration variable_declaration
  (variable_declarator
    name: (identifier) @name
    value: (_)? @value)) @definition.variable

(_ ; lexical_declaration variable_declaration
  (variable_declarator
    name: (identifier) @name
    value: [
      (arrow_function body: (_) @body)
      (function_expression body: (_) @body)
    ])) @definition.function

(pair
  key: (property_identifier) @name
  value: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
  ]) @definition.method

(field_definition
  property: (_) @name
  value: (_)? @value) @definition.field

(field_definition
  property: (_) @name
  value: (arrow_function body: (_) @body)) @definition.method
