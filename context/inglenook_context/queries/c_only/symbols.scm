; What C++ has otherwise, in the captures of ../c/symbols.scm.

(function_definition
  type: (_)? @type
  declarator: (_) @declarator @name
  body: (_)? @body) @definition.function

(_ ; struct_specifier union_specifier
  name: (type_identifier) @name
  body: (field_declaration_list) @body) @definition.class
