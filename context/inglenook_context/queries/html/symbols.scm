; The captures are those of ../python/symbols.scm; @only.<word> must be that word, and @has.<text>
; must have that text in it.

(_ ; element script_element style_element
  (_
    (attribute
      (attribute_name) @only.id
      [
        (attribute_value) @name
        (quoted_attribute_value (attribute_value) @name)
      ]))) @definition.variable

(element
  [
    (start_tag (tag_name) @name @has.-)
    (self_closing_tag (tag_name) @name @has.-)
  ]) @definition.variable

(element
  (start_tag (tag_name) @only.h1)
  (text) @name) @definition.namespace

(element
  (start_tag (tag_name) @only.h2)
  (text) @name) @definition.namespace

(element
  (start_tag (tag_name) @only.h3)
  (text) @name) @definition.namespace

(element
  (start_tag (tag_name) @only.h4)
  (text) @name) @definition.namespace

(element
  (start_tag (tag_name) @only.h5)
  (text) @name) @definition.namespace

(element
  (start_tag (tag_name) @only.h6)
  (text) @name) @definition.namespace
