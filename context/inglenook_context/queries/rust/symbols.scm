; The captures are those of ../python/symbols.scm. @scope holds definitions of the class @name, and
; tells that it has the trait @base.

(function_item
  name: (_) @name
  return_type: (_)? @type
  body: (block) @body) @definition.function

(function_signature_item
  name: (_) @name
  return_type: (_)? @type) @definition.function

(_ ; struct_item union_item
  name: (type_identifier) @name) @definition.class

(_ ; struct_item union_item
  name: (type_identifier) @name
  body: (field_declaration_list) @body) @definition.class

(enum_item
  name: (type_identifier) @name
  body: (enum_variant_list) @body) @definition.enum

(enum_variant
  name: (identifier) @name) @definition.variable

(field_declaration
  name: (field_identifier) @name
  type: (_) @type) @definition.variable

(trait_item
  name: (type_identifier) @name
  bounds: (trait_bounds)? @bases
  body: (declaration_list) @body) @definition.interface

(impl_item
  trait: (_)? @base
  type: [
    (type_identifier) @name
    (primitive_type) @name
    (scoped_type_identifier name: (type_identifier) @name)
    (generic_type type: (type_identifier) @name)
    (generic_type type: (scoped_type_identifier name: (type_identifier) @name))
    (reference_type type: (type_identifier) @name)
    (reference_type type: (generic_type type: (type_identifier) @name))
  ]) @scope

(mod_item
  name: (identifier) @name
  body: (declaration_list)? @body) @definition.namespace

(_ ; const_item static_item
  name: (identifier) @name
  type: (_) @type) @definition.variable

(type_item
  name: (type_identifier) @name
  type: (_) @type) @definition.type

(associated_type
  name: (type_identifier) @name) @definition.type

(macro_definition
  name: (identifier) @name
  (macro_rule)? @body) @definition.function
