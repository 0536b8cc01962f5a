"""Pure decisions about who somebody is: no Django, no database, no clock."""
