; The captures are those of ../python/symbols.scm.

(function_definition
  name: (name) @name
  return_type: (_)? @type
  body: (_) @body) @definition.function

(class_declaration
  name: (name) @name
  (base_clause)? @bases
  (class_interface_clause)? @bases
  body: (_) @body) @definition.class

(trait_declaration
  name: (name) @name
  body: (_) @body) @definition.class

(interface_declaration
  name: (name) @name
  (base_clause)? @bases
  body: (_) @body) @definition.interface

(enum_declaration
  name: (name) @name
  (class_interface_clause)? @bases
  body: (_) @body) @definition.enum

(enum_case
  name: (name) @name) @definition.variable

(method_declaration
  name: (name) @name
  return_type: (_)? @type
  body: (_)? @body) @definition.method

(property_declaration
  type: (_)? @type
  (property_element
    name: (variable_name (name) @name))) @definition.variable

(const_element
  . (name) @name) @definition.variable @before.const

(namespace_definition
  name: (_) @name) @definition.namespace
