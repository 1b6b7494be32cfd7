/* Those who work here, and the integrators' tokens. */
#pragma once

#include "base/crypto.h"
#include "db/db.h"
#include "store/records.h"

struct list agent_list(struct db *db, struct arena *a); /* struct agent, by name */
struct agent *agent_by_id(struct db *db, struct arena *a, const struct uuid *id);
struct agent *agent_by_email(struct db *db, struct arena *a, const char *email, const char **ret_password_hash);
/* const char *: those of these that are somebody's who works here now. */
struct list agent_emails_among(struct db *db, struct arena *a, const char *const *emails, size_t n);
/* As it is now, and until the transaction ends. */
struct agent *agent_lock(struct db *db, struct arena *a, const struct uuid *id, const char **ret_password_hash);

void agent_insert(struct db *db, const struct agent *agent, const char *password_hash);
/* Changes what is given (not NULL, not -1). */
void agent_update(struct db *db, const struct uuid *id, const char *name, int role, const char *password_hash,
                  const char *language, int active);
/* Names are looked up by a hash of what is compared of them, which whoever asks makes: first for those who have none, since
 * they are new or were changed, or all are when the column is. One who is changed meanwhile keeps none. */
struct list agent_unfolded(struct db *db, struct arena *a); /* struct agent; mostly nobody */
void agent_set_folds(struct db *db, struct arena *a, const struct agent *agents, uint8_t (*folds)[SHA256_SIZE],
                     size_t n);
bool agent_has_fold(struct db *db, struct arena *a, const uint8_t fold[SHA256_SIZE]); /* anybody */
/* Locks all active admins until the transaction ends; how many they are. Whoever may make one less locks them before all else. */
int64_t agent_lock_admins(struct db *db, struct arena *a);

/* Channels go with put, which needs some, and with send, which may have none: then it sends by any. */
bool token_channels_fit(int64_t scopes, size_t n_channels);
void token_insert(struct db *db, const struct token_row *token, const uint8_t hash[SHA256_SIZE]);
struct token_row *token_by_hash(struct db *db, struct arena *a, const uint8_t hash[SHA256_SIZE],
                                int64_t now); /* valid ones only */
/* It is not revoked, and stays so until the transaction ends. */
bool token_lock(struct db *db, struct arena *a, const uint8_t hash[SHA256_SIZE]);
struct list token_list(struct db *db, struct arena *a); /* struct token_row, newest first */
struct token_row *token_by_id(struct db *db, struct arena *a, const struct uuid *id); /* or NULL */
/* All that are not revoked yet; how many they were. */
int64_t token_revoke_all(struct db *db, int64_t now);
void token_fill(struct arena *a, struct token_row *token); /* scope_names, from scopes */
bool token_revoke(struct db *db, const struct uuid *id, int64_t now);
