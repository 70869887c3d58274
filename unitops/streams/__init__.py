"""Where material enters, meets and parts."""
