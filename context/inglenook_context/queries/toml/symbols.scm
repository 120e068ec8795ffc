; The captures are those of ../python/symbols.scm.

(_ ; table table_array_element
  . [(bare_key) (quoted_key) (dotted_key)] @name) @definition.namespace

(pair
  . [(bare_key) (quoted_key) (dotted_key)] @name) @definition.variable
