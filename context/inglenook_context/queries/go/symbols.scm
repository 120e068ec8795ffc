; The captures are those of ../python/symbols.scm. @parent is the class of a method that stands
; outside of it, and @before.<word> a word that one of several definitions has lost.

(function_declaration
  name: (identifier) @name
  result: (_)? @type
  body: (block)? @body) @definition.function

(method_declaration
  receiver: (parameter_list
    (parameter_declaration
      type: [
        (type_identifier) @parent
        (pointer_type (type_identifier) @parent)
        (generic_type type: (type_identifier) @parent)
        (pointer_type (generic_type type: (type_identifier) @parent))
      ]))
  name: (field_identifier) @name
  result: (_)? @type
  body: (block)? @body) @definition.method

(type_spec
  name: (type_identifier) @name
  type: (_) @type) @definition.type @before.type

(type_spec
  name: (type_identifier) @name
  type: (struct_type (field_declaration_list) @bases @body)) @definition.class @before.type

(type_spec
  name: (type_identifier) @name
  type: (interface_type "{" @body) @bases) @definition.interface @before.type

(type_alias
  name: (type_identifier) @name
  type: (_) @type) @definition.type @before.type

(field_declaration
  name: (field_identifier) @name
  type: (_) @type) @definition.variable

; What is embedded is a field, too.

(field_declaration
  !name
  type: [
    (type_identifier) @name
    (qualified_type name: (type_identifier) @name)
    (generic_type type: (type_identifier) @name)
    (generic_type type: (qualified_type name: (type_identifier) @name))
  ] @type) @definition.variable

(method_elem
  name: (field_identifier) @name
  result: (_)? @type) @definition.method

(const_spec
  name: (identifier) @name
  type: (_)? @type
  value: (expression_list . (_) @value)?) @definition.variable @before.const

(var_spec
  name: (identifier) @name
  type: (_)? @type
  value: (expression_list . (_) @value)?) @definition.variable @before.var
