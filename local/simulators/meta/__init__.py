"""What the simulators of Facebook and Instagram share."""
