"""What operators do, by command or by task: each deed is done here, and written into the audit."""
