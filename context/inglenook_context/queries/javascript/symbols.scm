; Each definition is captured as @definition.<kind>, its name as @name, and what is left out of
; its signature as @body; what it returns or holds as @type, what a class is made from as @bases,
; and a value whose class may be seen as @value. Without a @name it is the file's default export.
; @owner must be `exports`. A query sees one statement at a time and matches only at its root.
;
; Patterns are parted by an empty line. What begins with `_` has the types of its root behind it.
; Here is what JavaScript and TypeScript share; the rest is in ../ecmascript and ../typescript.

(generator_function_declaration
  name: (identifier) @name
  body: (_) @body) @definition.function

(class_declaration
  name: (_) @name
  (class_heritage)? @bases
  body: (class_body) @body) @definition.class

(lexical_declaration
  (variable_declarator
    name: (object_pattern [
      (shorthand_property_identifier_pattern) @name
      (pair_pattern value: (identifier) @name)
    ]))) @definition.variable

(_ ; lexical_declaration variable_declaration
  (variable_declarator
    name: (identifier) @name
    value: (class
      (class_heritage)? @bases
      body: (class_body) @body))) @definition.class

; What an object holds, if a variable or the module's exports hold the object.

(pair
  key: (property_identifier) @name
  value: (_) @value) @definition.field

(shorthand_property_identifier) @name @definition.field

; Exports without a name, and those of CommonJS.

(export_statement
  value: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
  ]) @definition.function

(export_statement
  value: (class
    (class_heritage)? @bases
    body: (class_body) @body)) @definition.class

(export_statement
  value: [(object) (call_expression) (new_expression)] @value) @definition.variable

(assignment_expression
  left: (member_expression
    object: (_) @owner
    property: (property_identifier) @name)
  right: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
  ]) @definition.function

(assignment_expression
  left: (member_expression
    object: (_) @owner
    property: (property_identifier) @name)
  right: (class
    (class_heritage)? @bases
    body: (class_body) @body)) @definition.class

(assignment_expression
  left: (member_expression
    object: (_) @owner
    property: (property_identifier) @name)
  right: [
    (object) (array) (call_expression) (new_expression) (string) (number) (template_string)
    (regex) (true) (false)
  ] @value) @definition.variable
