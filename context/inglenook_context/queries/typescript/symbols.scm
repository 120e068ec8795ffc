; What TypeScript has beyond JavaScript, in the captures of ../javascript/symbols.scm.

(function_declaration
  name: (identifier) @name
  return_type: (type_annotation)? @type
  body: (_) @body) @definition.function

(function_signature
  name: (identifier) @name
  return_type: (type_annotation)? @type) @definition.function

(abstract_class_declaration
  name: (_) @name
  (class_heritage)? @bases
  body: (class_body) @body) @definition.class

(interface_declaration
  name: (_) @name
  (extends_type_clause)? @bases) @definition.interface

(enum_declaration
  name: (_) @name) @definition.enum

(type_alias_declaration
  name: (_) @name
  value: (intersection_type)? @bases) @definition.type

(internal_module
  name: (_) @name
  body: (_) @body) @definition.namespace

(method_definition
  name: (_) @name
  return_type: (type_annotation)? @type
  body: (_) @body) @definition.method

(method_signature
  name: (_) @name
  return_type: (type_annotation)? @type) @definition.method

(abstract_method_signature
  name: (_) @name
  return_type: (type_annotation)? @type) @definition.method

(public_field_definition
  name: (_) @name
  type: (type_annotation)? @type
  value: (_)? @value) @definition.field

(public_field_definition
  name: (_) @name
  value: (arrow_function
    return_type: (type_annotation)? @type
    body: (_) @body)) @definition.method

(property_signature
  name: (_) @name
  type: (type_annotation)? @type) @definition.field

(enum_assignment
  name: (property_identifier) @name) @definition.field

(property_identifier) @name @definition.field

(_ ; lexical_declaration variable_declaration
  (variable_declarator
    name: (identifier) @name
    type: (type_annotation)? @type
    value: (_)? @value)) @definition.variable

(_ ; lexical_declaration variable_declaration
  (variable_declarator
    name: (identifier) @name
    value: [
      (arrow_function
        return_type: (type_annotation)? @type
        body: (_) @body)
      (function_expression
        return_type: (type_annotation)? @type
        body: (_) @body)
    ])) @definition.function

(pair
  key: (property_identifier) @name
  value: [
    (arrow_function
      return_type: (type_annotation)? @type
      body: (_) @body)
    (function_expression
      return_type: (type_annotation)? @type
      body: (_) @body)
  ]) @definition.method
