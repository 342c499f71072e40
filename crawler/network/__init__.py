"""How a portal is asked: politely, within bounds, and with every answer kept."""
