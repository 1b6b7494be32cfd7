-- The list of one medium in all states is put together from those of the states (store/conversation.c): this key was written at every
-- message, and read for that list alone.
ALTER TABLE conversation DROP KEY IF EXISTS medium_last;
