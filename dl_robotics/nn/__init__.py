"""Neural building blocks shared by the tasks."""
