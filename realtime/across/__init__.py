"""What `realtime.adapter` consists of: the messages between nodes, and how they are sent, heard and answered."""
