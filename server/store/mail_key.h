/* Keys of those whose signatures on mail are known. sql/082_mail_key.sql */
#pragma once

#include "db/db.h"
#include "store/records.h"

extern const struct shape MAIL_KEY_SHAPE;

struct mail_key {
    struct uuid id;
    int kind; /* enum mail_key_kind */
    const char *label;
    const char *fingerprint;
    struct list addresses; /* const char *: for whom it speaks */
    int64_t expires_at;    /* 0: never */
    int64_t created_at;
    int64_t version;
    const char *material; /* inside; only of mail_key_materials, and to be put */
};

struct list mail_key_list(struct db *db, struct arena *a);      /* struct mail_key, by label */
struct list mail_key_materials(struct db *db, struct arena *a); /* the same with their material, the oldest first */
struct mail_key *mail_key_get(struct db *db, struct arena *a, const struct uuid *id);
struct mail_key *mail_key_by_fingerprint(struct db *db, struct arena *a, const char *fingerprint);
int64_t mail_key_count(struct db *db, struct arena *a);

/* These two let all servers read them anew, with their accounts (channel_generation). */
void mail_key_put(struct db *db, struct arena *a, const struct mail_key *key,
                  int64_t now);                                          /* over one with its fingerprint */
bool mail_key_remove(struct db *db, const struct uuid *id, int64_t now); /* false: there is none */
