"""GitHub Issues as a tracker."""
