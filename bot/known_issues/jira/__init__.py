"""Jira Cloud as a tracker."""
