; The captures are those of ../python/symbols.scm.

(section
  . (atx_heading heading_content: (_) @name)) @definition.namespace

(setext_heading
  heading_content: (_) @name) @definition.namespace
