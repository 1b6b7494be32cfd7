-- As long as the settings that name them, and what a mail server may call a folder: what does not fit could not be written, again and again.
ALTER TABLE mailbox
  MODIFY folder TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  MODIFY sent_folder TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL;
