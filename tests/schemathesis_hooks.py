"""What Schemathesis has to be told of the API: read by its process, not by pytest."""

import schemathesis

# A batch is lines of JSON; to Schemathesis any string.
schemathesis.serializer.alias("application/jsonl", "text/plain")
