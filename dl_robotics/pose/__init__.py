"""People's joints in camera images: BlazePose, and the stage that runs it."""
