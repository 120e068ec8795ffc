; What TypeScript has beyond JavaScript, in the captures of ../javascript/symbols.scm.

(abstract_class_declaration
  name: (_) @name
  body: (class_body) @body) @definition.class

(interface_declaration
  name: (_) @name) @definition.interface

(enum_declaration
  name: (_) @name) @definition.enum

(type_alias_declaration
  name: (_) @name) @definition.type

(function_signature
  name: (identifier) @name) @definition.function

(abstract_method_signature
  name: (_) @name) @definition.method

(public_field_definition
  name: (_) @name
  value: (arrow_function body: (_) @body)) @definition.method
