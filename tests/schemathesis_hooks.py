"""What Schemathesis must be told of the API; loaded by its process, not by pytest."""

import schemathesis

# A batch is lines of JSON, which Schemathesis sends as any string.
schemathesis.serializer.alias("application/jsonl", "text/plain")
