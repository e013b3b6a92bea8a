"""The parts of the OpenAPI document, written from the facts of every operation: it says what is done."""
