"""What keeps the public site safe and awake: headers, closed pages, settings, harmless CSV."""
