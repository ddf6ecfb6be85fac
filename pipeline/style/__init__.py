"""House style of the target language: capitals, quotation marks, figures, countries."""
