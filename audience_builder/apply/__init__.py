"""From the stream to the mart: each batch with its offsets in one transaction, so that nothing is lost and nothing doubled."""
