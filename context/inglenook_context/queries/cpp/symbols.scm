; What C++ has beyond C, in the captures of ../c/symbols.scm.

(_ ; class_specifier struct_specifier union_specifier
  name: [
    (type_identifier) @name
    (template_type name: (_) @name)
    (qualified_identifier name: (type_identifier) @name)
  ]
  (base_class_clause)? @bases
  body: (field_declaration_list) @body) @definition.class

(function_definition
  type: (_)? @type
  declarator: (_) @declarator @name
  (field_initializer_list)? @body
  body: (_)? @body) @definition.function

(namespace_definition
  name: (_) @name
  body: (_) @body) @definition.namespace

(alias_declaration
  name: (type_identifier) @name
  type: (_) @type) @definition.type

(concept_definition
  name: (identifier) @name) @definition.type
