/* The keys of the table mail_key as the parser knows them. */
#pragma once

#include "db/db.h"
#include "parser/known.h"

struct known_signers *signers_load(struct db *db); /* with a reference; as far as the database is there */
