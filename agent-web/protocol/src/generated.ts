// Made by `./dev generate` from the server's method table. Do not edit.

/** By what means somebody is reached, in the order in which filters list them. `label`: a key of the console's texts. */
export const MEDIA = {
  none: { label: 'medium.none', icon: 'plug', hue: 'other' },
  email: { label: 'medium.email', icon: 'mail', hue: 'email' },
  chat: { label: 'medium.chat', icon: 'bubble', hue: 'chat' },
  phone: { label: 'medium.phone', icon: 'phone', hue: 'phone' },
  line: { label: 'medium.line', icon: 'line', hue: 'line' },
  whatsapp: { label: 'medium.whatsapp', icon: 'whatsapp', hue: 'whatsapp' },
  messenger: { label: 'medium.messenger', icon: 'messenger', hue: 'messenger' },
  instagram: { label: 'medium.instagram', icon: 'instagram', hue: 'instagram' },
  telegram: { label: 'medium.telegram', icon: 'paper_plane', hue: 'telegram' },
  sms: { label: 'medium.sms', icon: 'text_bubble', hue: 'sms' },
  shop: { label: 'medium.shop', icon: 'bag', hue: 'shop' },
  in_person: { label: 'medium.in_person', icon: 'people', hue: 'shop' },
  letter: { label: 'medium.letter', icon: 'letter', hue: 'email' },
  other: { label: 'medium.other', icon: 'plug', hue: 'other' },
} as const;
export type Medium = keyof typeof MEDIA;

/** What an identity may be. `opaque`: the name stands for the value. `numbered`: the value says nothing without what it numbers.
 * `reached`: one can write to it on one's own account. */
export const IDENTITY_KINDS = {
  external: { label: 'identity.external', medium: 'other', opaque: true, numbered: false, reached: false },
  email: { label: 'identity.email', medium: 'email', opaque: false, numbered: false, reached: true },
  phone: { label: 'identity.phone', medium: 'phone', opaque: false, numbered: false, reached: true },
  loyalty_card: { label: 'identity.loyalty_card', medium: 'shop', opaque: false, numbered: true, reached: false },
  line: { label: 'identity.line', medium: 'line', opaque: true, numbered: false, reached: true },
  whatsapp: { label: 'identity.whatsapp', medium: 'whatsapp', opaque: false, numbered: false, reached: true },
  telegram: { label: 'identity.telegram', medium: 'telegram', opaque: false, numbered: false, reached: true },
  messenger: { label: 'identity.messenger', medium: 'messenger', opaque: true, numbered: false, reached: true },
  instagram: { label: 'identity.instagram', medium: 'instagram', opaque: true, numbered: false, reached: true },
  shop_customer: { label: 'identity.shop_customer', medium: 'shop', opaque: false, numbered: true, reached: false },
  visitor: { label: 'identity.visitor', medium: 'chat', opaque: true, numbered: false, reached: false },
  unverified_email: { label: 'identity.unverified_email', medium: 'email', opaque: false, numbered: false, reached: false },
} as const;
export type IdentityKind = keyof typeof IDENTITY_KINDS;

/** The kinds of channels, and the names of their settings. */
export const CHANNEL_TYPES = {
  email: ['address', 'aliases', 'display_name', 'signature', 'senders', 'agents_forward', 'reply_token', 'smtp_url', 'smtp_user', 'smtp_password', 'smtp_tls', 'trust_auth_results', 'token'],
  imap: ['address', 'aliases', 'display_name', 'signature', 'senders', 'agents_forward', 'reply_token', 'smtp_url', 'smtp_user', 'smtp_password', 'smtp_tls', 'trust_auth_results', 'imap_url', 'imap_user', 'imap_password', 'sign_in', 'oauth_client_id', 'oauth_client_secret', 'oauth_secret_ends', 'oauth_tenant', 'oauth_refresh_token', 'oauth_authorize_url', 'oauth_token_url', 'oauth_scope', 'mailbox', 'folder', 'after', 'after_flag', 'sent_copy', 'after_folder'],
  graph: ['address', 'aliases', 'display_name', 'signature', 'senders', 'agents_forward', 'reply_token', 'sign_in', 'user', 'oauth_client_id', 'oauth_client_secret', 'oauth_secret_ends', 'oauth_tenant', 'oauth_refresh_token', 'oauth_authorize_url', 'oauth_token_url', 'oauth_scope', 'mailbox', 'folder', 'graph_url', 'trust_auth_results'],
  postmark: ['address', 'aliases', 'display_name', 'signature', 'senders', 'agents_forward', 'reply_token', 'smtp_url', 'smtp_user', 'smtp_password', 'smtp_tls', 'trust_auth_results', 'user', 'password', 'api_key', 'api_url', 'stream'],
  sendgrid: ['address', 'aliases', 'display_name', 'signature', 'senders', 'agents_forward', 'reply_token', 'smtp_url', 'smtp_user', 'smtp_password', 'smtp_tls', 'trust_auth_results', 'user', 'password', 'api_key', 'api_url', 'parse_key', 'event_key'],
  mailgun: ['address', 'aliases', 'display_name', 'signature', 'senders', 'agents_forward', 'reply_token', 'smtp_url', 'smtp_user', 'smtp_password', 'smtp_tls', 'trust_auth_results', 'user', 'password', 'api_key', 'api_url', 'sending_domain', 'signing_key'],
  cloudmailin: ['address', 'aliases', 'display_name', 'signature', 'senders', 'agents_forward', 'reply_token', 'smtp_url', 'smtp_user', 'smtp_password', 'smtp_tls', 'trust_auth_results', 'user', 'password'],
  ses: ['address', 'aliases', 'display_name', 'signature', 'senders', 'agents_forward', 'reply_token', 'smtp_url', 'smtp_user', 'smtp_password', 'smtp_tls', 'trust_auth_results', 'topics', 'access_key', 'secret_key', 'session_token', 'region', 'configuration_set', 'bucket_region', 'aws_url'],
  resend: ['address', 'aliases', 'display_name', 'signature', 'senders', 'agents_forward', 'reply_token', 'trust_auth_results', 'api_key', 'api_url', 'signing_secret', 'events_secret'],
  chat: ['accent', 'greeting', 'away_text', 'identity_secret', 'identity_secret_previous', 'plain_signatures_until', 'origins', 'unseen_minutes', 'unseen_channel', 'title_en', 'title_ja', 'typing_preview', 'customer_space'],
  twilio_voice: ['auth_token', 'api_url'],
  twilio_sms: ['account_sid', 'auth_token', 'api_url', 'number', 'messaging_service'],
  line: ['channel_secret', 'access_token', 'api_url'],
  whatsapp: ['app_secret', 'verify_token', 'access_token', 'phone_number_id', 'api_url'],
  telegram: ['bot_token', 'webhook_secret', 'api_url'],
  shopify: ['secret', 'old_secret', 'country', 'customer_space'],
  api: ['label', 'medium', 'country', 'customer_space', 'delivery_url', 'reaches', 'signing_secret', 'signing_secret_previous'],
} as const;

/** The rules by which identities are linked, and the signals of suggestions. */
export const LINK_RULES = ['same_customer_number', 'claimed_customer_number', 'same_email', 'claimed_email', 'same_phone', 'claimed_phone', 'same_card', 'claimed_card', 'same_whatsapp', 'claimed_whatsapp', 'same_shop_customer', 'claimed_shop_customer', 'signed_visitor', 'claimed_visitor', 'failed_authentication'] as const;

/** So long after their last word somebody in a chat counts as there. */
export const CHAT_JUST_THERE_MS = 600000;
/** With any message or note; a channel may take fewer. */
export const MESSAGE_FILES_MAX = 20;
/** Bytes of all files of an answer by mail. */
export const MAIL_FILES_BYTES = 18000000;
/** With a message of a chat, either way. */
export const CHAT_FILES_MAX = 10;
/** Of a file that somebody brings. */
export const UPLOAD_BYTES_MAX = 25000000;
/** Of a file that a provider keeps: larger ones stay there. */
export const REMOTE_FILE_BYTES_MAX = 100000000;
/** Drafts that draft.list answers; when there are more, the oldest are left out. */
export const DRAFTS_LISTED_MAX = 200;
/** An answer that has been waiting to leave for so long says that its channel's queue stands. */
export const OUTBOX_STANDS_MS = 900000;

/** What the server says: a code with parameters, worded where it is shown (`said.<code>` of the console's texts). */
export interface Said {
  code: string;
  params: Record<string, string | number>;
}

/** The codes that people meet, and the names of their parameters. */
export const SAYINGS = {
  missing: 'field',
  out_of_range: 'field n min max',
  wrong_length: 'field n min max',
  wrong_count: 'field n min max',
  control_character: 'field character',
  not_web: 'field',
  one_of: 'field allowed',
  not_email: 'field',
  not_in_future: 'field',
  in_future: 'field',
  too_long_ago: 'field',
  no_words: 'field',
  not_json: 'why',
  not_utf8: '',
  no_account: '',
  no_attribute: '',
  no_block: '',
  no_channel: '',
  no_mailbox: '',
  no_conversation: '',
  no_distinction: '',
  no_entry: '',
  no_file: '',
  no_thumbnail: '',
  no_identity: '',
  no_input: '',
  no_mail: '',
  no_message: '',
  no_operation: '',
  no_person: '',
  no_search: '',
  no_session: '',
  no_task: '',
  no_token: '',
  exists_already: '',
  changed: '',
  not_logged_in: 'method role',
  agents_only: '',
  role_missing: 'method role',
  admin_only: '',
  channel_closed: '',
  export_closed: '',
  wrong_login: '',
  too_many_passwords: 'seconds',
  password_short: '',
  password_personal: '',
  password_common: '',
  password_same: '',
  password_wrong: '',
  email_taken: '',
  last_admin: '',
  searches_limit: '',
  saved_searches_limit: 'max',
  files_limit: '',
  indexing: 'percent',
  no_index: '',
  parser_busy: '',
  person_busy: '',
  entry_changed: '',
  database_full: '',
  disk_full: '',
  disk_fault: 'why',
  not_by_chat: '',
  no_way: '',
  no_mail_address: 'text',
  answers_no_mail: '',
  address_is_ours: 'address',
  too_many_people: 'type max n',
  nothing_to_send: '',
  text_too_long: 'type max n',
  takes_no_files: 'type',
  too_many_files: 'type max n',
  file_too_large: 'name type max',
  files_too_large: 'type max',
  file_gone: '',
  no_picture: 'cid',
  wrong_cid: 'cid',
  file_unscanned: '',
  file_infected: 'found',
  no_scanner: '',
  nothing_to_fetch: '',
  left_already: '',
  not_failed: '',
  planned_too_soon: '',
  planned_too_far: '',
  cannot_plan: 'type',
  planned_after_window: 'hours type',
  not_planned: '',
  way_off: '',
  way_write_first: 'type',
  way_window_over: 'hours type',
  way_opted_out: '',
  way_bounced: '',
  way_unproven: '',
  way_restricted: '',
  way_no_identity: 'type',
  agent_away: '',
  is_resolved: '',
  input_gone: '',
  cannot_move: '',
  moved_here: '',
  moved_already: '',
  not_moved: '',
  is_there: '',
  entry_erased: '',
  person_erased: '',
  nothing_left: '',
  same_person: '',
  same_identity: '',
  which_identities: '',
  identity_moved: '',
  identity_stays: '',
  undone_already: '',
  chain_limit: 'max',
  identities_limit: 'max',
  told_apart: '',
  shared_already: '',
  share_own: '',
  share_once: '',
  not_shared: '',
  tags_limit: 'max length',
  attribute_value: 'attribute wanted',
  unknown_attribute: 'attribute',
  attribute_key: '',
  attribute_choices: '',
  confirm_name: '',
  setting_missing: 'type setting',
  setting_long: 'type setting max',
  setting_url: 'type setting',
  setting_email: 'type setting',
  setting_date: 'type setting',
  setting_word: 'type setting max',
  setting_control: 'type setting',
  no_secret: 'type setting',
  sealed_otherwise: '',
  no_mail_key: '',
  key_none: '',
  key_long: 'max',
  key_secret: '',
  key_several: '',
  key_revoked: '',
  key_no_signer: '',
  key_for_nobody: '',
  key_limit: 'max',
  task_over: '',
  task_binding: '',
  orders_need_shop: '',
  column_unnamed: 'n',
  column_near: 'column near',
  column_unknown: 'column',
  column_twice: 'column',
  no_header: '',
  import_consent: 'value',
  import_account: '',
  import_value: 'value kind',
  import_phone_rounded: 'value',
  import_phone_unsure: 'value country',
  import_ways: 'max',
  import_nobody: '',
  import_time: 'value',
  import_amount: 'value currency',
  no_currency: 'value',
  no_amount: 'value currency',
  import_number: 'value',
  import_items: 'why',
  import_placed_at: '',
  import_long: 'max',
  import_tags: 'max length',
  import_refused: '',
  line_long: 'max',
  quote_open: '',
  line_many: 'max',
  line_fields: 'n wanted',
  line_object: 'why',
  person_gone: '',
  archive_fault: 'why',
  archive_broken: 'why',
  file_fault: 'why',
  in_words: 'text',
  order_has: 'number channel value',
  list_has: 'value',
  shop_merged: 'value other',
  mail_says: 'value',
  chat_had: 'value',
  came_with: 'entry value',
  mail_answered: 'value',
  same_name: 'name',
  channel_unusable: '',
  channel_type_unknown: '',
  attached_gone: '',
  no_form_accepted: '',
  database_was_away: '',
  server_stopped: '',
  provider_unreachable: 'quote',
  provider_asked_again: 'quote',
  provider_silent: 'quote',
  provider_refused: 'type quote',
  provider_token: 'type quote',
  provider_slower: 'type',
  provider_fault: 'type status',
  provider_unsure: 'type status',
  telegram_unwanted: 'quote',
  sms_denied: 'code',
  sms_slower: 'code',
  sms_no_number: 'code',
  sms_sender: 'code',
  sms_country: 'code',
  sms_opted_out: 'code',
  sms_no_mobile: 'code',
  sms_switched_off: 'code',
  sms_blocked: 'code',
  sms_filtered: 'code',
  sms_unregistered: 'code',
  sms_other: 'quote code',
  sms_no_sender: '',
  line_pushed: '',
  line_quota: '',
  line_standby: '',
  mail_no_sender: '',
  sender_refused: 'sender user code words',
  setup_refused: 'type quote',
  no_sender: 'address',
  no_sender_line: 'text',
  too_many_senders: 'max n',
  nothing_to_fill_in: 'name names',
  mail_no_recipient: '',
  mail_login: 'status quote',
  mail_refused: 'status quote',
  mail_later: 'status quote',
  mail_unsure: 'quote',
  mail_broken: 'quote',
  mail_too_large: 'size max',
  mail_unfetched: 'quote',
  errand_unreachable: 'type quote',
  errand_refused: 'type quote',
  errand_large: 'type max',
  errand_encrypted: '',
  errand_no_key: 'type',
  errand_certificate: 'quote',
  errand_subscription: 'topic quote',
  sign_in_nobody: '',
  sign_in_no_client: '',
  sign_in_no_address: '',
  sign_in_browser: '',
  sign_in_state: '',
  mailbox_unreachable: 'quote',
  mailbox_login: 'quote',
  mailbox_folder: 'folder quote',
  mailbox_refused: 'quote',
  mailbox_broken: 'quote',
  mailbox_sent: 'quote',
  mailbox_no_sent: '',
  mailbox_silent: '',
  mailbox_closed: '',
  mailbox_no_imap: '',
  mailbox_after: 'quote',
  graph_denied: 'quote',
  graph_send_as: 'user address',
  graph_send_as_other: 'user sender',
  mailbox_token: 'quote',
  sign_in_cancelled: 'quote',
  sign_in_no_refresh: '',
  sign_in_other: 'who user',
  oauth_no_client: '',
  oauth_no_tenant: '',
  oauth_no_address: '',
  oauth_not_signed_in: '',
  oauth_testing: 'days',
  oauth_unreachable: 'quote',
  oauth_refused: 'quote',
  oauth_unused: 'quote',
  oauth_password: 'quote',
  oauth_factor: 'quote',
  oauth_consent: 'quote',
  oauth_policy: 'quote',
  oauth_grant: 'quote',
  oauth_secret: 'quote',
  oauth_client: 'quote',
  mail_bounced: 'recipient quote',
  mail_delayed: 'recipient quote',
  mail_dropped: 'type recipient quote',
  whatsapp_token: 'code',
  whatsapp_permission: 'code',
  whatsapp_number: 'code',
  whatsapp_restricted: 'code',
  whatsapp_locked: 'code',
  whatsapp_payment: 'code',
  whatsapp_unregistered: 'code',
  whatsapp_fault: 'code',
  whatsapp_slower: 'code',
  whatsapp_reported: 'code',
  whatsapp_pair: 'code',
  whatsapp_itself: 'code',
  whatsapp_undeliverable: 'code',
  whatsapp_test_number: 'code',
  whatsapp_window: 'code',
  whatsapp_unwanted: 'code',
  whatsapp_other: 'quote code',
  not_understood: '',
  input_limits: '',
  input_utf8: '',
  input_empty: '',
  input_object: '',
  input_lacks: 'member',
  input_array: '',
  form_type: 'what',
  form_framing: '',
  form_large: 'max',
  event_untyped: '',
  event_nobody: 'event',
  event_unclear: 'event',
  item_unclear: 'n member',
  attachment_unclear: 'n',
  names_nobody: '',
  number_twice: 'value other',
  edit_of_other: '',
  number_other: 'number',
  call_nobody: 'call',
  call_status: 'status',
  recording_nobody: 'recording',
  sent_image: '',
  sent_video: '',
  sent_voice: '',
  sent_file: '',
  sent_file_named: 'name',
  sent_sticker: '',
  sent_sticker_words: 'words',
  sent_place: '',
  sent_place_at: 'place',
  sent_contact: '',
  sent_contact_of: 'contact',
  sent_poll: 'poll',
  sent_nothing: '',
  sent_kind: 'what',
  came_by_ad: 'ad',
  chose: 'choice',
  took_back_message: '',
  added_friend: '',
  unblocked_account: '',
  blocked_account: '',
  mail_called_spam: '',
  mail_unsubscribed: '',
  answered_form: '',
  pressed_button: '',
  reacted: 'emoji',
  took_back_reaction: '',
  catalogue_order: 'lines',
  changed_number: 'number',
  whatsapp_change: '',
  not_passed_on: '',
  input_unwritten: '',
  network_closed: 'address',
  certificate_unknown: '',
  no_encryption: '',
} as const;

/** Credentials. */
export interface LoginParams {
  /** Log-in name. */
  email: string;
  /** Password. */
  password: string;
}

/** Somebody who works here. */
export interface Agent {
  /** Id. */
  id: string;
  /** Log-in name. */
  email: string;
  /** As customers and colleagues see it. */
  name: string;
  /** What they may do; each role includes those before it. */
  role: 'visitor' | 'agent' | 'supervisor' | 'admin';
  /** Of the console: en or ja. */
  language: string;
  /** False: cannot log in. */
  active: boolean;
  /** When the account was made. */
  created_at: string;
  /** Higher after every change, for agent.update. */
  version: number;
}

/** The agent who is logged in. */
export interface Me {
  /** The account. */
  agent: Agent | null;
  /** Of the server. */
  version: string | null;
  /** Where the desk is, an IANA name ([desk] time_zone): its days begin and end there. */
  time_zone: string;
}

/** Whose sessions. */
export interface SessionsOf {
  /** The agent, for administrators; default: who asks. */
  agent_id?: string | null;
}

/** A browser that is logged in. */
export interface Session {
  /** Id, as in the audit. */
  id: string;
  /** Which browser it says it is; null: another. */
  browser: string | null;
  /** On what it says it runs; null: another. */
  system: string | null;
  /** Of its last call. */
  address: string | null;
  /** When it logged in. */
  created_at: string | null;
  /** Its last call, to a minute. */
  used_at: string | null;
  /** When it must log in again, at the latest. */
  expires_at: string | null;
  /** It is the one that asks. */
  current: boolean;
}

/** Sessions. */
export interface SessionList {
  /** Last used first. */
  sessions: Session[];
}

/** A session to end. */
export interface SessionEndParams {
  /** Which. */
  id: string;
  /** Whose, for administrators; default: who asks. */
  agent_id?: string | null;
}

/** How many there were. */
export interface SessionsEnded {
  /** Sessions that are ended now. */
  ended: number | null;
}

/** Which conversations, in what order. */
export interface ConversationListParams {
  /** open: all open ones; mine: open and assigned to the caller; all: whatever status. */
  view: 'open' | 'mine' | 'unassigned' | 'snoozed' | 'resolved' | 'all';
  /** Whose last entry came by this. */
  medium?: 'none' | 'email' | 'chat' | 'phone' | 'line' | 'whatsapp' | 'messenger' | 'instagram' | 'telegram' | 'sms' | 'shop' | 'other' | 'in_person' | 'letter' | null;
  /** newest: by the newest entry, as without it; waiting: who waits longest; priority: the most urgent, and of those who waits longest. The last two not of all. */
  sort?: 'newest' | 'waiting' | 'priority' | null;
  /** Of newest, the page behind: last_at of the last row of the page before … */
  before_at?: string | null;
  /** Of waiting and priority: its wait_order or urgency_order … */
  after_order?: number | null;
  /** … and its id. */
  before_id?: string | null;
  /** At most so many; default 50. */
  limit?: number | null;
}

/** A stretch of work with one person, on whatever channels. */
export interface Conversation {
  /** Id. */
  id: string;
  /** The number people say. */
  number: number;
  /** The person. */
  customer_id: string;
  /** Name, or the identity's name or value when unknown; empty when the person has been erased. */
  customer_name: string | null;
  /** Where it stands. */
  status: 'open' | 'snoozed' | 'resolved';
  /** The agent who has it; null: nobody. */
  assignee_id: string | null;
  /** How urgent it is. */
  priority: 'low' | 'normal' | 'high' | 'urgent';
  /** From the first mail that had one; may be empty. */
  subject: string | null;
  /** What the last entry is, for whoever shows it to word. */
  preview_code: 'none' | 'text' | 'files' | 'call_ringing' | 'call_in_progress' | 'call_completed' | 'call_missed' | 'call_busy' | 'call_failed' | 'call_recorded' | 'reaction' | 'erased' | 'voicemail' | 'said' | 'bot';
  /** Its number: unanswered calls in a row, seconds of a call, or files; else 0. */
  preview_n: number;
  /** Its text in one line: what was written, the emoji of a reaction, or sayings: what it is, or why an answer could not be delivered. */
  preview: string | null;
  /** Why it is back in the queue. */
  notice: 'none' | 'snooze_ended' | 'answer_failed';
  /** Of the last entry. */
  last_medium: 'none' | 'email' | 'chat' | 'phone' | 'line' | 'whatsapp' | 'messenger' | 'instagram' | 'telegram' | 'sms' | 'shop' | 'other' | 'in_person' | 'letter';
  /** Of the last entry. */
  last_direction: 'in' | 'out' | 'internal';
  /** When the last entry came, a snooze ended or an answer failed. */
  last_at: string;
  /** The person waits for an answer since then; null: does not. */
  waiting_since: string | null;
  /** Entries from the person that no agent has seen; unanswered calls in a row are one. */
  unread: number;
  /** Opens again then; null while it is snoozed: only when the person writes. */
  snoozed_until: string | null;
  /** When the next answer goes that is planned; null: none is. Who waits while one is has written since. */
  planned_at: string | null;
  /** When it was resolved. */
  resolved_at: string | null;
  /** When it began. */
  created_at: string;
  /** List of texts. */
  tags: unknown | null;
  /** Where it stands by waiting, the lowest first: who waits longest; behind them the others, the newest first. */
  wait_order: number;
  /** Where it stands by priority, the lowest first; within one, by waiting. */
  urgency_order: number;
  /** List of media: by what means the person has written or called in it. */
  asked_on: unknown | null;
  /** Raised by every change; a lower one is older news. */
  version: number;
}

/** A page of conversations. */
export interface ConversationPage {
  /** In the order that was asked for. */
  conversations: Conversation[];
  /** There are further ones. */
  more: boolean;
}

/** How many are in each view; 1000: so many or more. */
export interface ConversationCounts {
  /** Open and the caller's. */
  mine: number | null;
  /** Open and nobody's. */
  unassigned: number | null;
  /** Open. */
  open: number | null;
  /** Snoozed. */
  snoozed: number | null;
}

/** Which one. */
export interface ById {
  /** Its id. */
  id: string;
}

/** Of one person. */
export interface OfCustomer {
  /** The person. */
  customer_id: string;
}

/** Who shall have it. */
export interface AssignParams {
  /** Conversation. */
  id: string;
  /** Agent; null or absent: nobody. */
  agent_id?: string | null;
  /** A word for whoever gets it; the text of the activity that is noted. When they have it already nothing is noted. */
  note?: string | null;
  /** Made by the client: the id of that activity. */
  client_id?: string | null;
  /** The activity of an assignment of one's own that this one undoes: its note goes. */
  takes_back?: string | null;
  /** The version that was seen: when it has changed since, nothing is done (conflict). Left out: whatever it is. */
  version?: number | null;
}

/** Where it shall stand. */
export interface StatusParams {
  /** Conversation. */
  id: string;
  /** open reopens; snoozed ends when the person writes, and at `until`. */
  status: 'open' | 'snoozed' | 'resolved';
  /** snoozed: opens again then. Left out: only when the person writes. */
  until?: string | null;
  /** The version that was seen: when it has changed since, nothing is done (conflict). Left out: whatever it is. */
  version?: number | null;
}

/** One that is done. */
export interface CloseOne {
  /** The conversation. */
  id: string;
  /** The version that was seen: when it has changed since, it is left alone. Left out: whatever it is. */
  version?: number | null;
}

/** Which are done. */
export interface CloseParams {
  /** The conversations. */
  conversations: CloseOne[];
}

/** What became of it. */
export interface CloseResult {
  /** How many are resolved now and were not before. */
  resolved: number | null;
  /** They, as they are now. */
  conversations: Conversation[];
}

/** How urgent it is. */
export interface PriorityParams {
  /** Conversation. */
  id: string;
  /** Priority. */
  priority: 'low' | 'normal' | 'high' | 'urgent';
  /** The version that was seen: when it has changed since, nothing is done (conflict). Left out: whatever it is. */
  version?: number | null;
}

/** Which tags. */
export interface TagsParams {
  /** The conversation. */
  id: string;
  /** All of them. */
  tags?: string[] | null;
  /** The version that was seen: when it has changed since, nothing is done (conflict). Left out: whatever it is. */
  version?: number | null;
}

/** Up to where a client knows an identity. */
export interface Have {
  /** The identity. */
  identity_id: string;
  /** Every change up to this version is known. */
  version?: number | null;
}

/** Whom to watch, and what is known already. */
export interface WatchParams {
  /** The person. */
  customer_id: string;
  /** Whom to watch no more: the person that was on the screen before. */
  leaving?: string | null;
  /** After a lost connection: what the client knows. Then the answer holds exactly what it missed. */
  have?: Have[] | null;
  /** Without `have`: how many of the newest entries; default 50. */
  limit?: number | null;
}

/** One way of reaching or recognising a person; facts are filed under it. */
export interface Identity {
  /** Id. */
  id: string;
  /** What the value is. */
  kind: 'email' | 'phone' | 'visitor' | 'line' | 'whatsapp' | 'messenger' | 'instagram' | 'telegram' | 'shop_customer' | 'loyalty_card' | 'external' | 'unverified_email';
  /** Normalised: lower-case address, E.164 number, provider's user id. */
  value: string;
  /** The account within which the value is unique; null: everywhere, or within a customer_space. */
  channel_id: string | null;
  /** What the provider calls the person. */
  name: string | null;
  /** How sure it is that the person stands behind it. */
  proof: 'anonymous' | 'claimed' | 'proven' | 'confirmed';
  /** Raised by one by every change of an entry under it. */
  version: number;
  /** Its first entry. */
  first_at: string;
  /** Its last entry. */
  last_at: string;
  /** The last message from the person through it. */
  last_in_at: string | null;
  /** Loyalty points: the newest balance that was told, and the changes since. */
  points: number | null;
  /** Loyalty tier, as last told. */
  tier: string | null;
  /** Since when it belongs to its customer. */
  linked_at: string | null;
  /** The rule that linked it: first_contact, same_email, same_phone, vouched, … */
  rule: string | null;
  /** On what evidence. */
  evidence: Said[];
  /** The agent who put it here; null: a rule did. */
  linked_by: string | null;
  /** The merge or move that put it here; null: a rule did. */
  operation_id: string | null;
  /** Of several persons: it has a record of its own, and no rule links by it. */
  shared: boolean;
  /** Whether we may write to it on our own account. */
  consent: 'unknown' | 'granted' | 'refused';
  /** Since when. */
  consent_at: string | null;
  /** What is sent to it comes back since then; null: it does not. */
  bounced_at: string | null;
  /** Why. */
  bounced_reason: Said[];
}

/** A person in few words. */
export interface CustomerRef {
  /** Id. */
  id: string;
  /** Name, or what there is of one. */
  name: string | null;
}

/** A shared identifier that a person uses. */
export interface Share {
  /** The identity. */
  identity_id: string;
  /** Its own record, where what comes by it arrives. */
  customer_id: string;
  /** What the value is. */
  kind: 'email' | 'phone' | 'visitor' | 'line' | 'whatsapp' | 'messenger' | 'instagram' | 'telegram' | 'shop_customer' | 'loyalty_card' | 'external' | 'unverified_email';
  /** The address or number. */
  value: string;
  /** How many others share it. */
  others: number;
}

/** A person, as believed now. */
export interface Customer {
  /** Id. */
  id: string;
  /** Name; empty when nobody knows it. */
  name: string | null;
  /** BCP 47 tag. */
  language: string | null;
  /** IANA name. */
  time_zone: string | null;
  /** Company. */
  company: string | null;
  /** What every agent should know at once. */
  about: string | null;
  /** When the record was made. */
  created_at: string;
  /** Of the record: higher after every change of it, for customer.update. */
  version: number;
  /** When the person was erased. */
  erased_at: string | null;
  /** First contact. */
  first_at: string | null;
  /** Last contact. */
  last_at: string | null;
  /** Loyalty points over all identities; null: not a member. */
  points: number | null;
  /** Loyalty tier. */
  tier: string | null;
  /** List of texts. */
  tags: unknown | null;
  /** Object: the keys of attribute.list to text, number or boolean. */
  attributes: unknown | null;
  /** All that belong to the person now. */
  identities: Identity[];
  /** Not empty: this is the record of a shared identifier, and what comes may be from any of these. */
  shared_by: CustomerRef[];
  /** Shared identifiers that the person uses. */
  shares: Share[];
  /** When nothing is left here: the persons whom it belongs to now. */
  moved_to: ById[];
}

/** One item of a person's timeline. */
export interface Entry {
  /** Id. */
  id: string;
  /** What it is filed under, for ever. */
  identity_id: string;
  /** The identity's version when the entry last changed. */
  version: number;
  /** When it happened. */
  occurred_at: string;
  /** When this server learned of it. */
  received_at: string;
  /** For when it is planned, or was when it had left; null: for no time. */
  send_at: string | null;
  /** The conversation it belongs to. */
  conversation_id: string | null;
  /** The account it came or went by. */
  channel_id: string | null;
  /** By what means. */
  medium: 'none' | 'email' | 'chat' | 'phone' | 'line' | 'whatsapp' | 'messenger' | 'instagram' | 'telegram' | 'sms' | 'shop' | 'other' | 'in_person' | 'letter';
  /** What it is. */
  kind: 'message' | 'note' | 'call' | 'order' | 'points' | 'visit' | 'campaign' | 'survey' | 'activity';
  /** From the person, to the person, or among us. */
  direction: 'in' | 'out' | 'internal';
  /** Who made it. */
  author_kind: 'customer' | 'agent' | 'system' | 'bot';
  /** The agent. */
  author_id: string | null;
  /** Name of the author when it is not the person's own. */
  author_name: string | null;
  /** Subject. */
  subject: string | null;
  /** Plain text. */
  text: string | null;
  /** HTML as it came: not sanitised. */
  html: string | null;
  /** What belongs to this kind only; docs/API.md lists it by kind. */
  payload: Record<string, unknown> | null;
  /** List of Attachment. */
  attachments: Attachment[] | null;
  /** The provider's id. */
  external_id: string | null;
  /** What became of an outgoing entry. */
  delivery: 'none' | 'queued' | 'uncertain' | 'sent' | 'delivered' | 'read' | 'failed' | 'cancelled' | 'scheduled';
  /** Why it was not delivered, and what helps. */
  delivery_error: Said[];
  /** The raw input it came from. */
  journal_id: string | null;
  /** Filed under the wrong identity; which entry stands for it: {entry_id, customer_id, name, reason, by, at}. */
  moved_to: unknown | null;
  /** When what was said in it was erased; the entry stays as a mark. */
  erased_at: string | null;
  /** Stands for an entry filed under the wrong identity: the same, and undone: true when it was moved back. */
  moved_from: unknown | null;
  /** The caller may not read it: only what it is, and when, is told. */
  closed: boolean;
  /** Stays on top of the person's page. */
  pinned: boolean;
}

/** A person now. From here on every change is pushed as a notification `entry`. */
export interface Snapshot {
  /** The person, with identities and their versions. */
  customer: Customer | null;
  /** Newest first, or with `have` all that changed since. */
  entries: Entry[];
  /** False with `have`: too much was missed; forget what is known and take this as a new start. */
  complete: boolean;
  /** There are older entries. */
  more: boolean;
}

/** Whom to watch no more. */
export interface UnwatchParams {
  /** The person. */
  customer_id: string;
}

/** Older entries of a person. */
export interface TimelinePageParams {
  /** The person. */
  customer_id: string;
  /** Older than this: occurred_at of the oldest known entry … */
  before_at?: string | null;
  /** … and its id. */
  before_id?: string | null;
  /** Or newer than this: occurred_at of the newest known entry … */
  after_at?: string | null;
  /** … and its id. */
  after_id?: string | null;
  /** Only of these media. */
  media?: string[] | null;
  /** Only of these kinds. */
  kinds?: string[] | null;
  /** Only from the person, to the person, or among us. */
  direction?: 'in' | 'out' | 'internal' | null;
  /** Only what happened since then. */
  from?: string | null;
  /** Only what happened before then. */
  to?: string | null;
  /** Only of this conversation. */
  conversation_id?: string | null;
  /** Only with attachments. */
  has_attachments?: boolean | null;
  /** Only orders of this number, and where it is written. */
  order_number?: string | null;
  /** Only with these words, as in search.query. */
  query?: string | null;
  /** At most so many; default 50. */
  limit?: number | null;
}

/** A page of entries. */
export interface TimelinePage {
  /** Newest first. */
  entries: Entry[];
  /** There are older ones; with `after_at`, newer ones. */
  more: boolean;
}

/** Where to look. */
export interface TimelineAroundParams {
  /** The person. */
  customer_id: string;
  /** The entry in the middle. */
  entry_id: string;
  /** At most so many; default 50. */
  limit?: number | null;
}

/** Entries before and after one. */
export interface TimelineAround {
  /** Newest first. */
  entries: Entry[];
  /** There are older ones. */
  more_older: boolean;
  /** There are newer ones. */
  more_newer: boolean;
}

/** What the agent does at a person's timeline. */
export interface PresenceParams {
  /** The person; must be watched. */
  customer_id: string;
  /** Writes an answer now. Repeat every 4 s; it lapses after 6. */
  typing?: boolean | null;
}

/** Which entry: its id, or a channel's own id of it, or the Message-ID of a mail. */
export interface EntryGetParams {
  /** Its id. */
  id?: string | null;
  /** The channel … */
  channel_id?: string | null;
  /** … and its id there. */
  external_id?: string | null;
  /** The Message-ID of a mail, with or without angle brackets; the first that came under it. */
  message_id?: string | null;
}

/** A file of an answer, uploaded by POST /api/v1/attachments. */
export interface MessageFile {
  /** The handle that the upload answered to this caller. */
  upload: string;
  /** File name. */
  name: string;
  /** MIME type; default application/octet-stream. */
  type?: string | null;
  /** By which the Markdown shows this picture in its place: `![name](cid:…)`. Letters, digits and dots, at most 64, another for each file. Where the way is not `pictures` it goes as a file, and the text names it. */
  cid?: string | null;
}

/** An answer to a person. */
export interface SendParams {
  /** The person. */
  customer_id: string;
  /** To which of the person's identities; see customer.reach. */
  identity_id: string;
  /** By which channel; see customer.reach. */
  channel_id: string;
  /** Made by the client: a repeat sends nothing twice; another text under the same id is refused. */
  client_id: string;
  /** Email: default is the conversation's. */
  subject?: string | null;
  /** It begins a conversation, whatever there is with this person, and answers nothing. */
  new_conversation?: boolean | null;
  /** The answer; may be empty when there are attachments. */
  text: string;
  /** What the text is. markdown: CommonMark without raw HTML, headings and tables; each channel gets what it can show, see `rich` of customer.reach. Default plain. */
  format?: 'plain' | 'markdown' | null;
  /** Files. */
  attachments?: MessageFile[] | null;
  /** Email: which mail of this person it answers; default the newest one that came from the address. Not with new_conversation. */
  answers?: string | null;
  /** Email: from which of `senders` of customer.reach; default the one to whom the mail was written that it answers, or else the first. */
  from?: string | null;
  /** Email: to whom it goes besides, openly, each as `Name <address>` or the address alone; see `copies_max` of customer.reach. */
  to?: string[] | null;
  /** Email: who has a copy, the same way. */
  cc?: string[] | null;
  /** Email: who has a copy that nobody sees, the same way. */
  bcc?: string[] | null;
  /** It is planned, and goes then: a minute to a year from now, and not on a channel that shows it at once. Default: now. */
  send_at?: string | null;
}

/** For when. */
export interface MessagePlanParams {
  /** An answer that is planned. */
  id: string;
  /** When it goes, as of message.send; without it: now. */
  send_at?: string | null;
}

/** A file uploaded by POST /api/v1/attachments. */
export interface AttachmentRef {
  /** The handle that the upload answered to this caller. */
  upload: string;
  /** File name. */
  name: string;
  /** MIME type; default application/octet-stream. */
  type?: string | null;
}

/** A call, a visit or a letter that came by no channel. */
export interface ContactLogParams {
  /** The person. */
  customer_id: string;
  /** Made by the client: a repeat adds nothing; another text under the same id is refused. */
  client_id: string;
  /** Which of the person's numbers; default: of a call the first, or else where they were last heard of. */
  identity_id?: string | null;
  /** phone: a call; in_person: a visit; letter. The first two are entries of the kind call, the last is a message. Default phone. */
  medium?: 'phone' | 'in_person' | 'letter' | null;
  /** Who called, came or wrote: in, the person; out, we. */
  direction: 'in' | 'out';
  /** Of a call or visit, default completed; missed: nobody took it, or was there, whoever came. Who was missed waits, and who was spoken to does not any more, unless a bot has written it down. Who has written a letter waits, and who was written to does not. */
  outcome?: 'completed' | 'missed' | 'busy' | null;
  /** When it began; default now. */
  occurred_at?: string | null;
  /** How long was spoken, in seconds; of a call or visit. */
  duration_s?: number | null;
  /** What was said. */
  text?: string | null;
  /** Files: the letter as it was scanned. */
  attachments?: AttachmentRef[] | null;
}

/** A note that only colleagues see. */
export interface NoteParams {
  /** The person. */
  customer_id: string;
  /** Made by the client: a repeat adds nothing; another text under the same id is refused. */
  client_id: string;
  /** The note. */
  text: string;
  /** Files. */
  attachments?: AttachmentRef[] | null;
}

/** One way of naming a person. */
export interface IdentityRef {
  /** What the value is. */
  kind: 'email' | 'phone' | 'visitor' | 'line' | 'whatsapp' | 'messenger' | 'instagram' | 'telegram' | 'shop_customer' | 'loyalty_card' | 'external' | 'unverified_email';
  /** Address, number or id; normalised by the server. */
  value: string;
  /** What the source calls the person. */
  name?: string | null;
}

/** An entry from outside. */
export interface PutEntry {
  /** Whose timeline. */
  identity: IdentityRef;
  /** Other names of the same person that the source vouches for. */
  also?: IdentityRef[] | null;
  /** What it is; orders go by orders.put. */
  kind: 'message' | 'note' | 'call' | 'order' | 'points' | 'visit' | 'campaign' | 'survey' | 'activity';
  /** Default in. */
  direction?: 'in' | 'out' | 'internal' | null;
  /** When it happened; default now. */
  occurred_at?: string | null;
  /** The source's id. A repeat makes nothing new; other content under the same id is refused, but is a newer state of a call, points or a visit. */
  external_id: string;
  /** Of a call, points or a visit: since when it is so. What is older than what is known changes nothing; without it what comes last counts. */
  updated_at?: string | null;
  /** Who wrote it, when not the person. */
  author_name?: string | null;
  /** Log-in name of the agent who wrote it, if there is such an account. */
  author_email?: string | null;
  /** Subject. */
  subject?: string | null;
  /** Plain text. */
  text?: string | null;
  /** HTML. */
  html?: string | null;
  /** Object: what belongs to this kind; see docs/API.md. */
  payload?: Record<string, unknown> | null;
  /** Files. */
  attachments?: AttachmentRef[] | null;
  /** Of an outgoing one; default sent. */
  delivery?: 'none' | 'queued' | 'uncertain' | 'sent' | 'delivered' | 'read' | 'failed' | 'cancelled' | 'scheduled' | null;
}

/** Entries from a shop, till, app or another system. */
export interface EntriesPutParams {
  /** The channel they belong to. */
  channel_id: string;
  /** In any order. */
  entries?: PutEntry[] | null;
  /** yes: an import; conversations older than a week are resolved at once and nobody waits. Default no. */
  history?: 'no' | 'yes' | null;
}

/** What became of one of them. */
export interface PutItem {
  /** The entry's, or the order's; null: it was refused. */
  id: string | null;
  /** The source's id, as it was put. */
  external_id: string | null;
  /** new; updated: a newer state of what was known; unchanged: nothing that was not known; refused: nothing was written. */
  result: 'new' | 'updated' | 'unchanged' | 'refused';
  /** Why it was refused: an error as calls have it. It comes to the same when it is put again. */
  error: unknown | null;
}

/** What became of them. */
export interface PutResult {
  /** New ones; of orders, states. */
  created: number | null;
  /** Known ones with a newer state; of orders their states count as new ones. */
  updated: number | null;
  /** Known already. */
  repeated: number | null;
  /** Refused ones. */
  refused: number | null;
  /** Each of them, in the order in which they were put. */
  items: PutItem[];
}

/** Which answers. */
export interface OutboxListParams {
  /** failed: refused, or not accepted for a day; uncertain: handed over, and nothing more is known; queued: on their way; scheduled: planned for a time. */
  state: 'failed' | 'uncertain' | 'queued' | 'scheduled';
  /** `cursor` of the last one of the page before. */
  before?: number | null;
  /** At most so many; default 50. */
  limit?: number | null;
}

/** An answer that has not left, or perhaps not. */
export interface Unsent {
  /** Its place in the list. */
  cursor: number;
  /** Which, for message.retry and message.cancel. */
  entry_id: string;
  /** To whom. */
  customer_id: string;
  /** By what. */
  channel_id: string;
  /** Their name, or what there is of one. */
  customer_name: string;
  /** Where it goes to. */
  address: string;
  /** How it begins. */
  text: string | null;
  /** Its subject. */
  subject: string | null;
  /** Who wrote it. */
  author_name: string | null;
  /** Why it has not left. */
  error: Said[];
  /** How often it was tried. */
  attempts: number;
  /** Since when it waits. */
  created_at: string;
  /** When it is tried again, or goes as planned; null: not by itself. */
  next_at: string | null;
}

/** Answers that have not left, of conversations that are not resolved; planned ones of all. */
export interface OutboxList {
  /** Newest first. */
  messages: Unsent[];
  /** There are older ones. */
  more: boolean;
}

/** Several to try again. */
export interface OutboxRetryParams {
  /** Entries whose message has failed. */
  ids: string[];
}

/** What became of them. */
export interface OutboxRetried {
  /** So many are on their way again. */
  retried: number;
  /** So many are not failed any more, or are not the caller's to send. */
  left: number;
}

/** By what it shall go. */
export interface DraftWay {
  /** To which identity. */
  identity_id: string;
  /** By which channel. */
  channel_id: string;
}

/** A file that was brought, and how to name it. */
export interface Upload {
  /** Its handle: name it in message.send, note.add, chat.send or import.start. Nobody else can. */
  upload: string;
  /** Until then; what no message holds by then is removed. */
  expires_at: string | null;
  /** File name. */
  name: string | null;
  /** MIME type. */
  type: string;
  /** Bytes. */
  size: number | null;
  /** Of the content, hexadecimal. */
  sha256: string;
  /** Path of its content on this server. */
  url: string;
  /** Of a picture that the text of its entry, or draft, shows in its place: by what Content-ID. */
  cid: string | null;
}

/** What was begun, as message.send and note.add take it later. */
export interface Draft {
  /** Which of both is shown. */
  mode: 'reply' | 'note';
  /** The answer. */
  text: string | null;
  /** The answer is Markdown … */
  rich: boolean;
  /** … and this is the same to be read. */
  plain: string | null;
  /** The note. */
  note: string | null;
  /** Email: the subject. */
  subject: string | null;
  /** Email: from which address; null: the one that goes by itself. */
  from: string | null;
  /** Email: which mail it answers; null: the newest. */
  answers: string | null;
  /** Email: `cc` is what the agent has chosen; else all who had the mail. */
  cc_chosen: boolean;
  /** Email: who has a copy. */
  cc: string[];
  /** Email: who has a blind copy. */
  bcc: string[];
  /** The way that was chosen; null: the best. */
  way: DraftWay | null;
  /** Files of the caller's. They are kept as long as the draft. */
  files: Upload[];
  /** It begins a conversation. */
  fresh: boolean;
}

/** What is kept. */
export interface DraftKept {
  /** The person. */
  customer_id: string;
  /** Of draft.save: false when another version was there, which this is; nothing was changed. */
  saved: boolean;
  /** Its version; 0: there is none. */
  version: number;
  /** When it was saved. */
  saved_at: string | null;
  /** How it begins. */
  beginning: string | null;
  /** All of it; null in a listing, and where there is none. */
  draft: Draft | null;
}

/** The caller's drafts. */
export interface DraftList {
  /** The last ones first. */
  drafts: DraftKept[];
}

/** Whose. */
export interface DraftOfParams {
  /** The person. */
  customer_id: string;
}

/** What there is now. */
export interface DraftSaveParams {
  /** To whom it goes, or whom it is about. */
  customer_id: string;
  /** The one that the caller has seen; 0 or null: none. */
  version?: number | null;
  /** What was written; null: it was sent, or emptied. */
  draft?: Draft | null;
}

/** Whom to find. */
export interface CustomerSearchParams {
  /** Beginning of a name, an address, a phone number in any spelling, or an order number. */
  query: string;
  /** At most so many; default 20. */
  limit?: number | null;
}

/** A person found. */
export interface CustomerHit {
  /** Customer id. */
  id: string;
  /** Name. */
  name: string | null;
  /** The address, number or order that matched. */
  matched: string | null;
  /** Means of contact the person has used. */
  media: string[];
  /** Last contact. */
  last_at: string | null;
}

/** People found. */
export interface CustomerHits {
  /** Last contact first. */
  hits: CustomerHit[];
}

/** What is given is changed; an empty text clears. */
export interface CustomerUpdateParams {
  /** The person. */
  id: string;
  /** Name; empty when nobody knows it. */
  name?: string | null;
  /** BCP 47 tag. */
  language?: string | null;
  /** IANA name. */
  time_zone?: string | null;
  /** Company. */
  company?: string | null;
  /** What every agent should know at once. */
  about?: string | null;
  /** All tags, in place of those there are. */
  tags?: string[] | null;
  /** Object: the attributes to change; null clears one. The others stay. */
  attributes?: unknown | null;
  /** The version that was seen: when it has changed since, nothing is done (conflict). Left out: whatever it is. */
  version?: number | null;
}

/** By what a person is known, exactly. */
export interface CustomerFindParams {
  /** What the value is. */
  kind: 'email' | 'phone' | 'visitor' | 'line' | 'whatsapp' | 'messenger' | 'instagram' | 'telegram' | 'shop_customer' | 'loyalty_card' | 'external' | 'unverified_email';
  /** Address, number or id; normalised by the server. */
  value: string;
  /** Where customer numbers and ids of a channel's own are known; others need none. */
  channel_id?: string | null;
}

/** A person whom another system knows. */
export interface CustomerCreateParams {
  /** Made by the client, and the person's id: a repeat makes nobody new; another person under the same id is refused. */
  client_id: string;
  /** How the person is known. One that is somebody's already is refused: customer.find says whose. */
  identities: IdentityRef[];
  /** Where customer numbers and ids of a channel's own are known; others need none. */
  channel_id?: string | null;
  /** Name; empty when nobody knows it. */
  name?: string | null;
  /** BCP 47 tag. */
  language?: string | null;
  /** IANA name. */
  time_zone?: string | null;
  /** Company. */
  company?: string | null;
  /** What every agent should know at once. */
  about?: string | null;
  /** Tags. */
  tags?: string[] | null;
  /** Object: the keys of attribute.list to text, number or boolean. */
  attributes?: unknown | null;
}

/** A page of all people. */
export interface CustomerListParams {
  /** The last id of the page before. */
  after_id?: string | null;
  /** Only whose record, or whose identities, have changed from then on. Take a minute before the last run began: what was being written then counts by when it began. */
  changed_since?: string | null;
  /** At most so many; default 50. */
  limit?: number | null;
}

/** People, by their ids. */
export interface CustomerList {
  /** Also those who were erased, and those of whom nothing is left because they were merged (moved_to). */
  customers: Customer[];
  /** There are more behind the last. */
  more: boolean;
}

/** Two persons. */
export interface PairParams {
  /** Who would stay. */
  into_id: string;
  /** Whose identities would go there. */
  from_id: string;
}

/** A person about to be merged. */
export interface MergeSide {
  /** With identities and their proof. */
  customer: Customer | null;
  /** Entries in the timeline. */
  entries: number | null;
  /** Conversations. */
  conversations: number | null;
  /** Of these, not resolved. */
  open_conversations: number | null;
  /** Orders. */
  orders: number | null;
}

/** A field in which both have a value, and not the same. */
export interface MergeConflict {
  /** Its name; attributes.<name> for an attribute. */
  field: string;
  /** The value of who stays. */
  into: string | null;
  /** The value of who goes. */
  from: string | null;
}

/** Somebody has said that these are not the same person. */
export interface Distinction {
  /** Id. */
  id: string;
  /** The one, as they are now. */
  a_id: string;
  /** Name. */
  a_name: string | null;
  /** The other. */
  b_id: string;
  /** Name. */
  b_name: string | null;
  /** Why. */
  reason: string | null;
  /** The agent. */
  made_by: string | null;
  /** When. */
  made_at: string | null;
  /** When it was taken back; null: it stands. */
  withdrawn_at: string | null;
}

/** What a merge would put together. */
export interface MergePreview {
  /** Who would stay. */
  into: MergeSide | null;
  /** Who would go. */
  from: MergeSide | null;
  /** Fields to choose. */
  conflicts: MergeConflict[];
  /** What stands against it. */
  distinctions: Distinction[];
}

/** Two persons who are one. */
export interface MergeParams {
  /** Who stays. */
  into_id: string;
  /** Whose identities go there; the record stays and leads there. */
  from_id: string;
  /** Why, for those who ask later. */
  reason?: string | null;
  /** Fields in conflict whose value comes from the person who goes; what only one has is kept anyway. */
  take?: string[] | null;
  /** Made by the client: asked again with the same id, after a lost answer, it is not done again. */
  client_id?: string | null;
}

/** An identity that was moved. */
export interface OperationIdentity {
  /** Id. */
  id: string;
  /** What the value is. */
  kind: 'email' | 'phone' | 'visitor' | 'line' | 'whatsapp' | 'messenger' | 'instagram' | 'telegram' | 'shop_customer' | 'loyalty_card' | 'external' | 'unverified_email';
  /** The value. */
  value: string;
}

/** A merge, a move or a share: in force until it is undone. */
export interface Operation {
  /** Id. */
  id: string;
  /** merge: all; move, share: the identities named. */
  kind: 'merge' | 'move' | 'share';
  /** From whom. */
  from_id: string;
  /** To whom. */
  into_id: string;
  /** Name. */
  from_name: string | null;
  /** Name. */
  into_name: string | null;
  /** Of a move or share. */
  identities: OperationIdentity[];
  /** What a merge took over into the profile: {field: {was, is}}. */
  changes: unknown | null;
  /** Why. */
  reason: string | null;
  /** The agent. */
  made_by: string | null;
  /** When. */
  made_at: string;
  /** Who undid it. */
  undone_by: string | null;
  /** When it was undone; null: in force. */
  undone_at: string | null;
  /** Why it was undone. */
  undone_reason: string | null;
}

/** A merge or move to undo. */
export interface UnmergeParams {
  /** Of customer.operations. */
  operation_id: string;
  /** Why. */
  reason?: string | null;
  /** Also remember that they are not the same person. */
  apart?: boolean | null;
}

/** Identities that are somebody else's. */
export interface SplitParams {
  /** The person whom they do not belong to. */
  customer_id: string;
  /** Which; what they vouched for goes with them. */
  identity_ids: string[];
  /** To whom; left out: back to where a rule once put them, or to a new person. */
  into_id?: string | null;
  /** Why. */
  reason?: string | null;
  /** Remember that they are not the same person, so that no rule and no merge joins them again. */
  apart?: boolean | null;
  /** Made by the client: asked again with the same id, after a lost answer, it is not done again. */
  client_id?: string | null;
}

/** What was done to people. */
export interface OperationList {
  /** Oldest first. */
  operations: Operation[];
}

/** Two who are not the same person. */
export interface DistinguishParams {
  /** The one. */
  a_id: string;
  /** The other. */
  b_id: string;
  /** Why. */
  reason?: string | null;
}

/** Who is said not to be this person. */
export interface DistinctionList {
  /** Oldest first. */
  distinctions: Distinction[];
}

/** An identity of several persons. */
export interface ShareParams {
  /** Which. */
  identity_id: string;
  /** Who use it; each needs an identity of their own besides. */
  customer_ids: string[];
  /** Why. */
  reason?: string | null;
}

/** An identity that is one person's after all. */
export interface UnshareParams {
  /** Which. */
  identity_id: string;
  /** Whose. */
  customer_id: string;
  /** Why. */
  reason?: string | null;
}

/** An entry that is somebody else's. */
export interface EntryMoveParams {
  /** Which. */
  entry_id: string;
  /** Whose it is. */
  customer_id: string;
  /** Why. */
  reason?: string | null;
}

/** A move to take back. */
export interface EntryMoveBackParams {
  /** The entry that was moved, or the one that stands for it. */
  entry_id: string;
}

/** Files of an entry. */
export interface EntryFetchParams {
  /** The entry they belong to. */
  id: string;
}

/** A mail that is attached. */
export interface EntryOpenParams {
  /** The entry that has it. */
  id: string;
  /** The content of the file, as the entry's attachments name it. */
  sha256: string;
}

/** A mail that was attached to another. */
export interface AttachedMail {
  /** Who wrote it; the address is in the payload. */
  author_name: string | null;
  /** When. */
  occurred_at: string | null;
  /** Subject. */
  subject: string | null;
  /** The words, plain. */
  text: string | null;
  /** The same as HTML, as it came: whoever shows it sanitises it. */
  html: string | null;
  /** As of a message: MessagePayload. */
  payload: Record<string, unknown> | null;
  /** Its files, as of an entry; they are in the mail alone. */
  attachments: Attachment[] | null;
}

/** Files of an entry, to be sent once more. */
export interface FilesAgain {
  /** As if the caller had brought them; without those that a provider still keeps. */
  files: Upload[];
}

/** What stays on top. */
export interface EntryPinParams {
  /** The entry. */
  id: string;
  /** Stays on top, or no longer. */
  pinned?: boolean | null;
}

/** Whether we may write on our own account. */
export interface ConsentParams {
  /** To which identity. */
  identity_id: string;
  /** What the person said. */
  consent: 'unknown' | 'granted' | 'refused';
  /** How we know. */
  source?: string | null;
}

/** Of one identity. */
export interface OfIdentity {
  /** The identity. */
  identity_id: string;
}

/** A file to look at again. */
export interface FileScanParams {
  /** The entry that holds it. */
  entry_id: string;
  /** Its content, as the entry's attachments name it. */
  sha256: string;
}

/** The virus scanner, and what waits for it. */
export interface Scanner {
  /** Every file is looked at before anybody gets it ([storage] scanner). */
  configured: boolean;
  /** Files that wait. */
  waiting: number | null;
  /** When the first of them came; null: none waits. A file waits some seconds; when it is minutes, the scanner is away. */
  waiting_since: string | null;
}

/** Which file, and for how long. */
export interface FileLinkParams {
  /** The entry that holds it. */
  entry_id: string;
  /** Its content, as the entry's attachments name it. */
  sha256: string;
  /** So long it can be had by the link; default 24. */
  hours?: number | null;
}

/** Whoever has it has the file. */
export interface FileLink {
  /** The link. */
  url: string;
  /** Then it is over; before that when no entry holds the content any more, or a virus is found in it. */
  until: string | null;
}

/** An order as it is now. */
export interface Order {
  /** Id. */
  id: string;
  /** The shop. */
  channel_id: string;
  /** Who bought. */
  identity_id: string;
  /** As people say it. */
  number: string;
  /** Where it stands. */
  state: 'placed' | 'paid' | 'preparing' | 'ready_for_pickup' | 'partly_shipped' | 'shipped' | 'delivered' | 'cancelled' | 'returned' | 'refunded' | 'deleted';
  /** Where it was made. */
  place: 'web' | 'app' | 'store' | 'phone' | 'other';
  /** When it was made. */
  placed_at: string;
  /** When the shop last changed it. */
  updated_at: string;
  /** ISO 4217. */
  currency: string;
  /** Decimal text. */
  total: string;
  /** The whole snapshot: OrderFacts. */
  facts: OrderFacts | null;
}

/** Orders. */
export interface OrderList {
  /** Newest first. */
  orders: Order[];
}

/** One line of an order. */
export interface OrderItem {
  /** The shop's number of the article. */
  sku?: string | null;
  /** What the customer calls it. */
  name: string;
  /** How many. */
  quantity: number;
  /** Of one, as decimal text in the order's currency: "12.50". */
  price?: string | null;
  /** A picture of it. */
  image_url?: string | null;
}

/** Money that was given back. */
export interface OrderRefund {
  /** When. */
  at?: string | null;
  /** How much, as decimal text in the order's currency. */
  amount: string;
  /** Why. */
  note?: string | null;
  /** For what; empty: for no line of it. */
  items?: OrderItem[] | null;
}

/** One parcel of an order. */
export interface OrderTracking {
  /** Who carries the parcel. */
  carrier?: string | null;
  /** The carrier's number of it. */
  number?: string | null;
  /** Where it can be followed. */
  url?: string | null;
}

/** An order as the shop says it is at updated_at: all of it, not what changed. */
export interface OrderFacts {
  /** The shop's own id of the order; unique within the channel. */
  external_id: string;
  /** As people say it: "#1029". */
  number: string;
  /** How far it is. */
  state: 'placed' | 'paid' | 'preparing' | 'ready_for_pickup' | 'partly_shipped' | 'shipped' | 'delivered' | 'cancelled' | 'returned' | 'refunded' | 'deleted';
  /** Where the money is; the state says where the goods are. */
  payment?: 'unknown' | 'pending' | 'authorized' | 'partly_paid' | 'paid' | 'partly_refunded' | 'refunded' | 'voided' | 'expired' | null;
  /** Where it was made. */
  place: 'web' | 'app' | 'store' | 'phone' | 'other';
  /** The name of the physical store. */
  store?: string | null;
  /** When it was made. */
  placed_at: string;
  /** When it came to be as told here; placed_at, if left out. An older state never replaces a newer one. */
  updated_at?: string | null;
  /** ISO 4217: "JPY". */
  currency: string;
  /** What is to be paid in all as it is now, as decimal text: "12800". */
  total: string;
  /** What is bought: without what was taken out again. */
  items?: OrderItem[] | null;
  /** What was ordered once and is not any more; the quantity is how many of it. */
  removed?: OrderItem[] | null;
  /** What was given back. */
  refunds?: OrderRefund[] | null;
  /** Its parcels. */
  tracking?: OrderTracking[] | null;
  /** What the buyer asked for. */
  note?: string | null;
}

/** An order as it is now. */
export interface PutOrder {
  /** Who bought; the first is what the order is filed under. */
  identities: IdentityRef[];
  /** The snapshot. */
  order: OrderFacts;
}

/** Orders from a shop, app or till. */
export interface OrdersPutParams {
  /** The shop's channel. */
  channel_id: string;
  /** In any order: of several snapshots of one order the newest by updated_at counts as now. */
  orders?: PutOrder[] | null;
}

/** An order number that somebody has written. */
export interface OrderFindParams {
  /** With or without #. */
  number: string;
  /** Whose order it probably is: theirs come first. */
  customer_id?: string | null;
  /** Also tell what the order was then. */
  at?: string | null;
}

/** An order of that number. */
export interface OrderFound {
  /** As it is now. */
  order: Order | null;
  /** Whose it is. */
  customer_id: string;
  /** Name. */
  customer_name: string | null;
  /** OrderFacts as they were at `at`; null: not asked, or it was not placed yet. */
  then: unknown | null;
}

/** Orders of that number, in all shops. */
export interface OrdersFound {
  /** The person's own first, then the newest. */
  orders: OrderFound[];
}

/** How often the person was in touch by one means. */
export interface ContactCount {
  /** By what means. */
  medium: 'none' | 'email' | 'chat' | 'phone' | 'line' | 'whatsapp' | 'messenger' | 'instagram' | 'telegram' | 'sms' | 'shop' | 'other' | 'in_person' | 'letter';
  /** In the last 7 days. */
  d7: number | null;
  /** 30 days. */
  d30: number | null;
  /** 365 days. */
  d365: number | null;
  /** Ever. */
  total: number | null;
}

/** Orders in one currency, over all shops. */
export interface OrderSum {
  /** ISO 4217. */
  currency: string;
  /** Orders, without those that were cancelled, or deleted in the shop. */
  count: number | null;
  /** Decimal text. */
  total: string;
}

/** A person in numbers. */
export interface Overview {
  /** By the days of which zone it is counted: see customer.journey. */
  time_zone: string;
  /** Messages and calls from the person; most used first. */
  contacts: ContactCount[];
  /** What stays on top, newest first. */
  pins: Entry[];
  /** What was bought. */
  orders: OrderSum[];
}

/** What happened on one day by one means. */
export interface JourneyDay {
  /** Such as 2026-11-21: of the time_zone beside the list. */
  day: string;
  /** By what means. */
  medium: 'none' | 'email' | 'chat' | 'phone' | 'line' | 'whatsapp' | 'messenger' | 'instagram' | 'telegram' | 'sms' | 'shop' | 'other' | 'in_person' | 'letter';
  /** Messages and calls from the person. */
  in: number | null;
  /** And to the person. */
  out: number | null;
  /** Orders, points, visits, campaigns, surveys. */
  other: number | null;
}

/** A whole life, without its words. */
export interface Journey {
  /** In which time zone the days are, an IANA name: that of the installation ([desk] time_zone). When that is changed, all are counted anew, and until then (reader.list) some are still those of the zone before. */
  time_zone: string;
  /** Oldest first; only days on which something happened. */
  days: JourneyDay[];
  /** Newest first. */
  orders: Order[];
}

/** Something to know of people. */
export interface Attribute {
  /** In Customer.attributes. */
  key: string;
  /** For people. */
  label: string;
  /** What its values are. */
  type: 'text' | 'number' | 'date' | 'yes_no' | 'choice';
  /** Of a choice: the values that are allowed. */
  choices: string[];
  /** Shown where it has a value, and no longer asked for. */
  archived: boolean;
  /** Higher after every change, for attribute.put and attribute.archive. */
  version: number | null;
}

/** All attributes. */
export interface AttributeList {
  /** By label. */
  attributes: Attribute[];
}

/** Makes an attribute, or changes one. */
export interface AttributePutParams {
  /** Small letters, digits and _; it stays the same for ever. */
  key: string;
  /** For people. */
  label: string;
  /** What its values are. */
  type: 'text' | 'number' | 'date' | 'yes_no' | 'choice';
  /** Of a choice: the values that are allowed. */
  choices?: string[] | null;
  /** The version that was seen: when it has changed since, nothing is done (conflict). Left out: whatever it is. 0: there is none with this key yet. */
  version?: number | null;
}

/** Asks for it no more, or again. */
export interface AttributeArchiveParams {
  /** Which. */
  key: string;
  /** No more. */
  archived?: boolean | null;
  /** The version that was seen: when it has changed since, nothing is done (conflict). Left out: whatever it is. */
  version?: number | null;
}

/** A word that marks people or conversations. */
export interface Tag {
  /** The word. */
  name: string;
  /** When it was last given. */
  used_at: string | null;
}

/** Tags in use. */
export interface TagList {
  /** Last used first. */
  tags: Tag[];
}

/** A setting of a channel type. */
export interface ChannelSetting {
  /** Name in `settings`. */
  name: string;
  /** What its value is; secrets are never given back. */
  kind: 'text' | 'secret' | 'url' | 'email' | 'phone' | 'bool' | 'word' | 'medium' | 'identity' | 'choice' | 'lines' | 'date';
  /** Must be given. */
  required: boolean;
  /** The server makes one when it is not given. */
  generated: boolean;
  /** Value when not given. */
  standard: string | null;
  /** For people. */
  label: string;
  /** Where to find it. */
  help: string | null;
  /** Of a choice: the words that it may be; the first when none is given. */
  choices: string[];
}

/** What can be connected. */
export interface ChannelType {
  /** Name. */
  type: string;
  /** For people. */
  label: string;
  /** What it connects and what one needs for it. */
  help: string | null;
  /** By what means it reaches people. */
  medium: 'none' | 'email' | 'chat' | 'phone' | 'line' | 'whatsapp' | 'messenger' | 'instagram' | 'telegram' | 'sms' | 'shop' | 'other' | 'in_person' | 'letter';
  /** Has a webhook. */
  receives: boolean;
  /** Fetches mail from a mailbox: see mailbox.start. */
  collects: boolean;
  /** Answers can be sent by it. */
  sends: boolean;
  /** Where a provider sends back who signs in there (OAuth 2.0), to be registered with the app; null of a type without: see mailbox.sign_in. */
  redirect_url: string | null;
  /** What it needs to know. */
  settings: ChannelSetting[];
}

/** All types. */
export interface ChannelTypeList {
  /** In the order to offer them. */
  types: ChannelType[];
}

/** Where the collecting of mail from a mailbox stands. */
export interface Mailbox {
  /** Since when mail is taken in; null: not yet, see mailbox.start. */
  started_at: string | null;
  /** Of what lay there, mail since then is taken in. */
  since_at: string | null;
  /** When it was last looked at without a fault. */
  looked_at: string | null;
  /** When a mail was last taken in. */
  in_at: string | null;
  /** Why it cannot be looked at; empty when it can. */
  problem: Said[];
  /** Since when. */
  problem_at: string | null;
  /** Why what is to be done after fetching could not be done; it holds up no mail. */
  after_problem: Said[];
  /** Why answers that have left could not be filed in the mailbox; they have left all the same. */
  sent_problem: Said[];
  /** The provider asks for a pause until then; nothing is wrong. */
  slowed_until: string | null;
  /** When what lies there was last looked at: see mailbox.try. */
  tried_at: string | null;
  /** What lay there then: {"count", "oldest", "newest", "mails": [{"at", "from", "subject"}], "folders": [{"name", "use"}]}. */
  found: unknown | null;
  /** When somebody last signed in at the provider for it: see mailbox.sign_in. */
  signed_in_at: string | null;
  /** As whom; null when the provider did not say. */
  signed_in_as: string | null;
  /** Why nothing came of the last try to sign in; empty when all went well. */
  sign_in_problem: Said[];
}

/** One connected account. */
export interface Channel {
  /** Id. */
  id: string;
  /** Which kind of account: see channel.types. */
  type: string;
  /** By what means it reaches people. */
  medium: 'none' | 'email' | 'chat' | 'phone' | 'line' | 'whatsapp' | 'messenger' | 'instagram' | 'telegram' | 'sms' | 'shop' | 'other' | 'in_person' | 'letter';
  /** What agents call it. */
  name: string;
  /** False: takes nothing in and sends nothing. */
  active: boolean;
  /** Its settings by name, without secrets. */
  settings: Record<string, unknown> | null;
  /** Of a channel of mail: ours, the one that answers come from first. */
  addresses: string[];
  /** Names of the secrets that have a value. */
  secrets_set: string[];
  /** Where the provider must send; null when it sends nothing. */
  webhook_url: string | null;
  /** The lowest role that may read what comes and goes by it; others see that there is something, and when. */
  readers: 'visitor' | 'agent' | 'supervisor' | 'admin';
  /** Whom tokens of its provider let in (OAuth 2.0): a person who signs in (mailbox.sign_in), the app itself, or nobody: there are none. */
  sign_in: 'nobody' | 'person' | 'app';
  /** What works and should be changed: plain_signatures (the chat still takes signatures of the old form), secret_ends and secret_ended (the client secret that tokens of the provider are had by: within a month, or already). */
  warnings: string[];
  /** Why sending is held up; empty when all is well. */
  problem: Said[];
  /** When it was connected. */
  created_at: string;
  /** When something last came by it. */
  last_event_at: string | null;
  /** Of a type that collects mail, for admins: where that stands. */
  mailbox: Mailbox | null;
  /** Inputs that could not be understood and wait for a retry. */
  failures: number;
  /** Since when the oldest answer waits to leave by it; null: none does. */
  unsent_since: string | null;
  /** For admins: why that one has not left, when it was tried. */
  unsent_error: Said[];
  /** Higher after every change that people make, for channel.update. */
  version: number;
}

/** All channels. */
export interface ChannelList {
  /** By name. Settings are shown to admins only. */
  channels: Channel[];
}

/** A new channel. */
export interface ChannelCreateParams {
  /** One of channel.types. */
  type: string;
  /** What agents call it. */
  name: string;
  /** Object: settings and secrets by name. */
  settings?: Record<string, unknown> | null;
  /** The lowest role that may read it; default agent. */
  readers?: 'agent' | 'supervisor' | 'admin' | null;
}

/** The channel, and secrets that were made for it, shown this once. */
export interface ChannelSaved {
  /** The channel. */
  channel: Channel | null;
  /** Object: secrets that the server made, by name. */
  generated: Record<string, string> | null;
}

/** What is given is changed. */
export interface ChannelUpdateParams {
  /** Which. */
  id: string;
  /** New name. */
  name?: string | null;
  /** no: takes nothing in and sends nothing. */
  active?: 'no' | 'yes' | null;
  /** Object: the settings and secrets to change; null removes one. */
  settings?: Record<string, unknown> | null;
  /** The lowest role that may read it. */
  readers?: 'agent' | 'supervisor' | 'admin' | null;
  /** The version that was seen: when it has changed since, nothing is done (conflict). Left out: whatever it is. */
  version?: number | null;
}

/** A secret that the server makes. */
export interface ChannelRotateParams {
  /** Which channel. */
  id: string;
  /** Which secret, such as identity_secret. */
  setting: string;
  /** The version that was seen: when it has changed since, nothing is done (conflict). Left out: whatever it is. */
  version?: number | null;
}

/** Which rows, newest first. */
export interface JournalListParams {
  /** Of one channel. */
  channel_id?: string | null;
  /** With this status. */
  status?: 'done' | 'failed' | null;
  /** Older than this row: the last one of the page before. */
  before?: string | null;
  /** At most so many; default 50. */
  limit?: number | null;
}

/** A raw input as it came. */
export interface JournalRow {
  /** Id. */
  id: string;
  /** By which account. */
  channel_id: string;
  /** When. */
  received_at: string | null;
  /** Whether it became entries. */
  status: 'done' | 'failed';
  /** What could not be understood. */
  error: Said[];
  /** HTTP method, LMTP, or FETCHED: what was asked of the provider. */
  method: string;
  /** HTTP query string. */
  query: string | null;
  /** The headers that were kept. */
  headers: Record<string, string> | null;
  /** The body as text (its beginning, when it is long). */
  body: string | null;
  /** Bytes. */
  body_size: number | null;
  /** How often it was tried. */
  attempts: number | null;
}

/** Raw inputs. */
export interface JournalList {
  /** Newest first. */
  rows: JournalRow[];
}

/** What a retry gave. */
export interface JournalRetried {
  /** The row as it is now. */
  row: JournalRow | null;
  /** New or changed entries. */
  entries: number | null;
}

/** Which one. */
export interface MailboxTryParams {
  /** The channel. */
  channel_id: string;
}

/** From when on. */
export interface MailboxStartParams {
  /** The channel. */
  channel_id: string;
  /** Of what lies there, mail that came since then is taken in, as history when it came before the mailbox was started; null: only what is new. */
  since?: string | null;
}

/** Which one. */
export interface MailboxSignInParams {
  /** The channel. */
  channel_id: string;
}

/** Where to sign in. */
export interface MailboxSignIn {
  /** At the provider; for the browser that asks, for ten minutes, once. */
  url: string;
}

/** A key whose signatures on mail are known. */
export interface MailKey {
  /** Id. */
  id: string;
  /** smime: a certificate; authority: one that issues certificates, each of which counts for the addresses that it names; pgp: an OpenPGP key. */
  kind: 'smime' | 'authority' | 'pgp';
  /** What it is called. */
  label: string;
  /** In hexadecimal digits: of a certificate its SHA-256. */
  fingerprint: string;
  /** For whom it speaks; of an authority none. */
  addresses: string[];
  /** Until when it holds; null: for ever. */
  expires_at: string | null;
  /** When it was added. */
  created_at: string;
  /** Higher each time it was added again. */
  version: number;
}

/** Whose signatures are known. */
export interface MailKeyList {
  /** By label. */
  keys: MailKey[];
}

/** A key; one that is there already, by its fingerprint, is replaced. */
export interface MailKeyAddParams {
  /** A certificate as PEM (-----BEGIN CERTIFICATE-----), of somebody or of an authority, or a public OpenPGP key in its armour (-----BEGIN PGP PUBLIC KEY BLOCK-----). */
  text: string;
  /** What it is called; left out: what the key calls its owner. */
  label?: string | null;
  /** For whom it speaks; left out: whom it names. Certificates that an authority has issued say it themselves. */
  addresses?: string[] | null;
}

/** The key as it is known. */
export interface MailKeySaved {
  /** The key. */
  key: MailKey | null;
}

/** All agents. */
export interface AgentList {
  /** By name. */
  agents: Agent[];
}

/** A new account. */
export interface AgentCreateParams {
  /** Log-in name. */
  email: string;
  /** As customers and colleagues see it. */
  name: string;
  /** agent, supervisor or admin. */
  role: 'visitor' | 'agent' | 'supervisor' | 'admin';
  /** At least 10 characters; weak ones are refused, with a `reason`. */
  password: string;
  /** Of the console: en (default) or ja. */
  language?: string | null;
}

/** What is given is changed; an agent may change only name, password and language of the own account. */
export interface AgentUpdateParams {
  /** Whose account. */
  id: string;
  /** New name. */
  name?: string | null;
  /** New role. */
  role?: 'visitor' | 'agent' | 'supervisor' | 'admin' | null;
  /** New password; weak ones, and the present one, are refused, with a `reason`. Ends the account's other sessions. */
  password?: string | null;
  /** The present one: required for a new password of the own account. */
  old_password?: string | null;
  /** en or ja. */
  language?: string | null;
  /** no: cannot log in any more, and is logged out. */
  active?: 'no' | 'yes' | null;
  /** The version that was seen: when it has changed since, nothing is done (conflict). Left out: whatever it is. */
  version?: number | null;
}

/** A bearer token of an integrator. */
export interface Token {
  /** Id. */
  id: string;
  /** What it is for. */
  name: string;
  /** What its bearer may see, and do as far as the scopes allow. */
  role: 'visitor' | 'agent' | 'supervisor' | 'admin';
  /** put: entries and orders, in its channels; read; send: answers and notes, under its name, and where a conversation stands; administer: all that its role may. */
  scopes: string[];
  /** Where it may put something, and by what alone it sends; empty with send: by any. */
  channels: string[];
  /** When it was made. */
  created_at: string | null;
  /** When it ends by itself; null: never. */
  expires_at: string | null;
  /** When it was used last, to a minute; null: not yet. */
  used_at: string | null;
  /** From where. */
  used_address: string | null;
  /** When it ceased to work; null while it does. */
  revoked_at: string | null;
}

/** All tokens. */
export interface TokenList {
  /** Newest first. */
  tokens: Token[];
}

/** A new bearer token. */
export interface TokenCreateParams {
  /** What it is for. */
  name: string;
  /** What its bearer may see, and do as far as the scopes allow; default agent, and required to administer. */
  role?: 'visitor' | 'agent' | 'supervisor' | 'admin' | null;
  /** Of put, read, send, administer; default administer. */
  scopes?: string[] | null;
  /** Where it may put something, and by what it may send: required with put, may be given with send (default there: by any), and with nothing else. */
  channels?: string[] | null;
  /** When it ends by itself; default never. */
  expires_at?: string | null;
}

/** The token, shown this once. */
export interface TokenCreated {
  /** The record. */
  token: Token | null;
  /** Send it as Authorization: Bearer <secret>. */
  secret: string;
}

/** The first call of a widget on its socket. */
export interface ChatHelloParams {
  /** The chat channel, from the script tag. */
  channel_id: string;
  /** The visitor's, from an earlier hello; without it a new visitor is made when something is sent. */
  token?: string | null;
  /** Up to where messages are known: only what was missed is answered. */
  version?: number | null;
  /** The page the visitor is on. */
  page_url?: string | null;
  /** Its title. */
  page_title?: string | null;
  /** The page of the site before it. */
  before_url?: string | null;
  /** Whence the visitor came to the site. */
  referrer?: string | null;
  /** Of the browser, an IANA name. */
  time_zone?: string | null;
  /** What the visitor holds in their hands. */
  device?: 'phone' | 'tablet' | 'computer' | null;
  /** Of the widget: in which language it shows its words; the title is answered in it. */
  speaks?: string | null;
  /** Of the browser, as a BCP 47 tag: taken for the person's with the first message, when none is known. */
  language?: string | null;
}

/** One message as a visitor sees it. */
export interface ChatMessage {
  /** Id. */
  id: string;
  /** The id that the widget gave it. */
  client_id: string | null;
  /** Version of the visitor when it last changed. */
  version: number | null;
  /** When. */
  at: string | null;
  /** The visitor wrote it. */
  mine: boolean;
  /** The agent, or the bot. */
  author_name: string | null;
  /** A program wrote it, and no person: say so. */
  bot: boolean;
  /** The text. */
  text: string | null;
  /** Of a formatted answer: the same with its marks, as p, br, ul, ol, li, blockquote, pre, code, strong, em and a with href. */
  html: string | null;
  /** List of Attachment. */
  attachments: Attachment[] | null;
  /** State. */
  delivery: 'none' | 'queued' | 'uncertain' | 'sent' | 'delivered' | 'read' | 'failed' | 'cancelled' | 'scheduled';
}

/** Everything the widget needs. */
export interface ChatHello {
  /** Keep it in the browser; it is the visitor's key. */
  token: string;
  /** The visitor's identity. */
  visitor_id: string | null;
  /** Version after these messages. */
  version: number | null;
  /** Oldest first. */
  messages: ChatMessage[];
  /** False: forget what is known and show these only. */
  complete: boolean;
  /** What stands above the chat, in that language; null: say it in words of your own. The name of the channel is for agents. */
  title: string | null;
  /** Colour. */
  accent: string | null;
  /** Shown before the first message. */
  greeting: string | null;
  /** Shown when no agent is online. */
  away_text: string | null;
  /** An agent is online. */
  online: boolean;
  /** Agents see what is typed before it is sent: tell the visitor, and send it with chat.typing. */
  typing_preview: boolean;
  /** As the visitor gave it. */
  name: string | null;
}

/** A file uploaded by POST /chat/attachments. */
export interface ChatAttachmentRef {
  /** The handle that the upload answered. */
  upload: string;
  /** File name. */
  name: string;
  /** MIME type. */
  type?: string | null;
}

/** A message from the visitor. */
export interface ChatSendParams {
  /** Made by the widget: a repeat adds nothing; another text under the same id is refused. */
  client_id: string;
  /** The text; may be empty when there are attachments. */
  text: string;
  /** Files. */
  attachments?: ChatAttachmentRef[] | null;
  /** When it was written, if it had to wait for the network: noted. The message's own time is the server's. */
  written_at?: string | null;
}

/** Who the visitor is. Without a signature it is a claim: noted, and nothing more is shown for it. */
export interface ChatIdentifyParams {
  /** Address. */
  email?: string | null;
  /** Name. */
  name?: string | null;
  /** The site's own customer number. */
  user_id?: string | null;
  /** Until when the signature is good: seconds since 1970, at most 31 days ahead. */
  expires?: number | null;
  /** Proof: hex HMAC-SHA256 with the channel's identity secret over `<channel id>:user_id:<expires>:<user_id>`, or over `<channel id>:email:<expires>:<email>` when there is no user_id. */
  signature?: string | null;
}

/** What it was taken for. */
export interface ChatIdentified {
  /** The signature held. */
  proven: boolean;
  /** The name was taken; false: none was given, or it is an agent's or the shop's. */
  named: boolean;
}

/** The visitor has seen all messages. */
export interface ChatSeenParams {
  /** Up to this version. */
  version?: number | null;
}

/** The visitor types. */
export interface ChatTypingParams {
  /** Types now. */
  typing?: boolean | null;
  /** What is typed so far; only where chat.hello said typing_preview, and dropped elsewhere. */
  text?: string | null;
}

/** Whom, and why. */
export interface ExportParams {
  /** The person. */
  customer_id: string;
  /** Why, for those who ask later. */
  reason?: string | null;
  /** Made by the client: asked again with the same id, after a lost answer, it is not done again. */
  client_id?: string | null;
}

/** A piece of long work. */
export interface Task {
  /** Id. */
  id: string;
  /** What it does. */
  kind: 'import' | 'export' | 'erase';
  /** What it was called by who asked for it, or the person's name; empty where that says nothing, and once the person is erased. */
  title: string;
  /** Where it stands. */
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  /** Units done: bytes of the file, or entries. */
  done: number;
  /** Units in all; null: not known yet. */
  total: number | null;
  /** The agent who asked for it; null: an integrator. */
  created_by: string | null;
  /** When it was asked for. */
  created_at: string;
  /** When it began. */
  started_at: string | null;
  /** When it was over. */
  ended_at: string | null;
  /** Why it failed. */
  error: Said[];
  /** When it is over. import: {rows, created, changed, unchanged, refused, report: {line, field, said}[] (the first 200), report_sha256 (a CSV file of all refused lines)}; export: {sha256, size, name}; erase: {entries, files, journal, identities}. Files are at /attachments/<sha256>. */
  result: unknown | null;
}

/** Which entry, and why. */
export interface EraseEntryParams {
  /** The entry; one that was moved goes with its other half. */
  entry_id: string;
  /** Why, for those who ask later. Name nobody in it: it stays. */
  reason: string;
}

/** Whom, and why. */
export interface EraseCustomerParams {
  /** The person, with all that belongs to them now. */
  customer_id: string;
  /** Why, for those who ask later. Name nobody in it: it stays. */
  reason: string;
  /** The person's name, or an identity's value of one who has no name. */
  confirm: string;
  /** Made by the client: asked again with the same id, after a lost answer, it is not done again. */
  client_id?: string | null;
}

/** Whose timeline. */
export interface AccessesParams {
  /** The person. */
  customer_id: string;
  /** Older than this: last_at of the oldest known row. */
  before_at?: string | null;
  /** At most so many; default 50. */
  limit?: number | null;
}

/** Somebody looked, perhaps often within a quarter of an hour. */
export interface Access {
  /** The agent … */
  agent_id: string | null;
  /** … by name. */
  agent_name: string | null;
  /** Or the API token. */
  token_name: string | null;
  /** What was opened. */
  what: 'timeline' | 'export' | 'entry' | 'search';
  /** The first time in that quarter of an hour. */
  first_at: string | null;
  /** The last time. */
  last_at: string | null;
  /** How often. */
  count: number | null;
}

/** Who looked. */
export interface AccessesPage {
  /** Last first. */
  accesses: Access[];
  /** There are older ones. */
  more: boolean;
}

/** Which part of the record. */
export interface AuditListParams {
  /** people: decisions about people and data, the default; access: who may do what, who came in and who tried to; all. The last two are for administrators. */
  about?: 'people' | 'access' | 'all' | null;
  /** About one person only. */
  customer_id?: string | null;
  /** Older than this one. */
  before_id?: number | null;
  /** At most so many; default 50. */
  limit?: number | null;
}

/** A decision about people, data or who may see them. */
export interface AuditEvent {
  /** Rises with time. */
  id: number | null;
  /** When. */
  at: string | null;
  /** Who; null: an integrator or the system. */
  agent_id: string | null;
  /** Who: the agent's name, or the API token's; null: the system. */
  agent_name: string | null;
  /** What was done … */
  action: 'merge' | 'unmerge' | 'split' | 'move' | 'move_back' | 'share' | 'unshare' | 'distinguish' | 'withdraw' | 'consent' | 'import' | 'export' | 'erase' | 'login' | 'login_failed' | 'logout' | 'sessions_end' | 'agent_create' | 'agent_update' | 'password' | 'token_create' | 'token_revoke' | 'channel_create' | 'channel_update' | 'journal_read' | 'journal_retry' | 'export_read' | 'block' | 'unblock' | 'infected_read' | 'file_link' | 'mail_key_add' | 'mail_key_remove';
  /** … to whom … */
  customer_id: string | null;
  /** … by its name, or both names; empty once the person is erased. */
  subject: string | null;
  /** Why, in the words of who did it. */
  reason: string | null;
  /** By which API token; null: by none. */
  token_id: string | null;
  /** By which browser session; null: by none. */
  session_id: string | null;
  /** From which address; null: from within. */
  address: string | null;
  /** Object: what it was, as far as it is different. No secrets. */
  before: unknown | null;
  /** Object: what it is now. Of a channel's settings only the names of those that were given. */
  after: unknown | null;
  /** The last time, of what is counted. */
  last_at: string | null;
  /** How often within ten minutes, of what is counted; else 1. */
  count: number | null;
}

/** A part of the record. */
export interface AuditPage {
  /** Newest first. */
  events: AuditEvent[];
  /** There are older ones. */
  more: boolean;
}

/** Which tasks. */
export interface TaskListParams {
  /** Older than this one. */
  before_id?: string | null;
  /** At most so many; default 50. */
  limit?: number | null;
}

/** Long work. */
export interface TaskPage {
  /** Newest first. */
  tasks: Task[];
  /** There are older ones. */
  more: boolean;
}

/** What to import. */
export interface ImportStartParams {
  /** The handle of the file, brought by this caller before (POST /api/v1/attachments). */
  upload: string;
  /** What a line is. */
  what: 'people' | 'orders';
  /** csv (comma, semicolon or tab; UTF-8, UTF-16, Shift_JIS, EUC-JP or Windows-1252), or jsonl: a JSON object a line. */
  format: 'csv' | 'jsonl';
  /** Orders: the shop. People: the account within which customer numbers are unique. */
  channel_id?: string | null;
  /** Only say what would become of it. */
  dry_run?: boolean | null;
  /** What to call it. */
  title?: string | null;
  /** Made by the client: asked again with the same id, after a lost answer, it is not done again. */
  client_id?: string | null;
}

/** Which template. */
export interface ImportTemplateParams {
  /** What a line is. */
  what: 'people' | 'orders';
  /** Form of the file. */
  format: 'csv' | 'jsonl';
}

/** An example file with every column. */
export interface ImportTemplate {
  /** Its text. */
  text: string;
}

/** What to find. */
export interface SearchParams {
  /** Words (singular or plural), "words that stand together", -without, names (typos are forgiven), addresses and parts of them, phone, order and tracking numbers in any spelling or by their last four digits or more. */
  query: string;
  /** Only entries of these media. */
  media?: string[] | null;
  /** Only entries of these kinds. */
  kinds?: string[] | null;
  /** Only entries since then. */
  from?: string | null;
  /** Only entries before then. */
  to?: string | null;
  /** Only entries of this agent. */
  agent_id?: string | null;
  /** Only entries of this channel. */
  channel_id?: string | null;
  /** Only entries of people or conversations with this tag. */
  tag?: string | null;
  /** Only entries in conversations that stand so now: open, snoozed, resolved. */
  status?: string[] | null;
  /** At most so many people, or conversations; default 20. */
  limit?: number | null;
  /** `cursor` of an earlier answer: what is older. */
  before?: string | null;
}

/** A part of a text, in UTF-16 units. */
export interface Mark {
  /** Where it begins. */
  start: number | null;
  /** Where it ends. */
  end: number | null;
}

/** In what, and how, something was found. */
export interface SearchReason {
  /** Of a person: name, other_name, identity, profile, attribute, tag. Of an entry: text, subject, file, order_number, tracking, item, detail (what a provider has told besides), writer (who wrote is called so). */
  found_in: 'name' | 'other_name' | 'identity' | 'profile' | 'attribute' | 'tag' | 'text' | 'subject' | 'file' | 'order_number' | 'tracking' | 'item' | 'detail' | 'writer';
  /** Of an identity its kind, of a profile's text its name (company, about), of an attribute or a detail its name. */
  name: string | null;
  /** word: as it was typed; beginning: of a word that was not typed to its end; number: in another spelling; ending: of a number; address: a part of it; form: singular or plural; similar: but for a typo. */
  found_as: 'word' | 'beginning' | 'number' | 'ending' | 'address' | 'form' | 'similar';
  /** One line of what was found; of an entry's text it is the hit's `snippet`. */
  text: string | null;
  /** What was asked for, in `text`. */
  marks: Mark[];
}

/** An entry that was found. */
export interface SearchHit {
  /** The entry. */
  entry_id: string;
  /** What it is filed under. */
  identity_id: string;
  /** When it happened. */
  occurred_at: string | null;
  /** By what means. */
  medium: 'none' | 'email' | 'chat' | 'phone' | 'line' | 'whatsapp' | 'messenger' | 'instagram' | 'telegram' | 'sms' | 'shop' | 'other' | 'in_person' | 'letter';
  /** What it is. */
  kind: 'message' | 'note' | 'call' | 'order' | 'points' | 'visit' | 'campaign' | 'survey' | 'activity';
  /** From the person, to the person, or among us. */
  direction: 'in' | 'out' | 'internal';
  /** Subject. */
  subject: string | null;
  /** One line around what was found; plain text. */
  snippet: string | null;
  /** The words that were asked for, in `snippet`. */
  marks: Mark[];
  /** Why it was found: at most four. */
  reasons: SearchReason[];
}

/** A person, and what was found of them. */
export interface SearchPerson {
  /** The person. */
  customer_id: string;
  /** Name, or what else is known. */
  name: string | null;
  /** What was asked for, in `name`. */
  name_marks: Mark[];
  /** Another name, an address or a number that was asked for. */
  matched: string | null;
  /** Why the person was found: at most four; empty when only their entries hold it. */
  reasons: SearchReason[];
  /** Last contact. */
  last_at: string | null;
  /** Media of the person's identities. */
  media: string[];
  /** Newest first; empty when only the person matches. */
  hits: SearchHit[];
  /** There are more of this person. */
  more_hits: boolean;
}

/** What was found: first the people who are called so, then those whose entries hold it, newest first. A person may come again, with older entries, in the next answer. */
export interface SearchResult {
  /** At most `limit`. */
  people: SearchPerson[];
  /** There are older entries: ask again with before = cursor. */
  more: boolean;
  /** Where to go on. */
  cursor: string | null;
  /** False: entries may be missing, as the index is still being made or its disk is full. */
  complete: boolean;
  /** How much of it is made, in per cent. */
  progress: number | null;
  /** Milliseconds. */
  took_ms: number | null;
}

/** A conversation, and what was found in it. */
export interface SearchConversation {
  /** As it is now. */
  conversation: Conversation;
  /** Newest first. */
  hits: SearchHit[];
  /** There are more in it. */
  more_hits: boolean;
}

/** Conversations whose entries hold what was asked for, by the newest of these. One may come again, with older entries, in the next answer. */
export interface SearchConversations {
  /** At most `limit`. */
  conversations: SearchConversation[];
  /** There are older entries: ask again with before = cursor. */
  more: boolean;
  /** Where to go on. */
  cursor: string | null;
  /** False: entries may be missing, as the index is still being made or its disk is full. */
  complete: boolean;
  /** How much of it is made, in per cent. */
  progress: number | null;
  /** Milliseconds. */
  took_ms: number | null;
}

/** Whom to block. */
export interface BlockParams {
  /** The visitors who have written in these conversations. */
  conversation_ids: string[];
  /** Also the address whence each last wrote: IPv4, or the first 64 bits of IPv6. */
  address?: boolean | null;
  /** Why, for those who ask later. */
  reason?: string | null;
}

/** What became of it. */
export interface Blocked {
  /** New blocks; what was blocked already is none. */
  blocked: number | null;
  /** Theirs, for visitor.unblock. */
  ids: string[];
}

/** Which, newest first. */
export interface ChatBlockListParams {
  /** Older than this one, which may be there no more. */
  before_id?: string | null;
  /** At most so many; default 50. */
  limit?: number | null;
}

/** A visitor, or an address, that may not write in the chats. */
export interface ChatBlock {
  /** Id. */
  id: string;
  /** The visitor; null: an address. */
  identity_id: string | null;
  /** What the visitor is called. */
  name: string | null;
  /** The address, or null. */
  address: string | null;
  /** Whose visitor it is, or was when it was blocked. */
  customer_id: string | null;
  /** Why. */
  reason: string | null;
  /** The agent. */
  made_by: string | null;
  /** When. */
  made_at: string | null;
}

/** Who is blocked. */
export interface ChatBlockList {
  /** Newest first. */
  blocks: ChatBlock[];
  /** There are older ones. */
  more: boolean;
}

/** Which events. */
export interface EventListParams {
  /** `next` of the answer before; left out: from the oldest that is kept. */
  after?: number | null;
  /** Of these types only: entry, conversation, customer; left out: of all. */
  types?: string[] | null;
  /** So many, or the rest of what happened at the same moment; default 100. */
  limit?: number | null;
}

/** Who has changed something, or because of what. */
export interface EventCause {
  /** by: system (this server itself), agent, token (an integrator), channel (who is at its other end). because: task (an import, an erasure), operation (a merge, a split, or its undoing), schedule (its time had come), delivery (what became of an answer on its way), retry (of an input that was not understood). */
  type: 'none' | 'system' | 'agent' | 'token' | 'channel' | 'task' | 'operation' | 'schedule' | 'delivery' | 'retry';
  /** Of the agent, the token, the channel, the task, the operation. */
  id: string | null;
}

/** Something is new or has changed. */
export interface Event {
  /** Its number: higher than that of all that was written before. What was written together has one number. */
  seq: number;
  /** When it was written. */
  at: string;
  /** What it is about. customer: what is known of a person, or what belongs to them. */
  type: 'entry' | 'conversation' | 'customer';
  /** new: it was not there before. erased: what was said or known is gone. */
  what: 'changed' | 'new' | 'erased';
  /** Who has done it; null: it was written by an earlier version, which did not note it. */
  by: EventCause | null;
  /** Because of what; null: of nothing else. */
  because: EventCause | null;
  /** The person whom it belongs to now; null: to nobody any more. */
  customer_id: string | null;
  /** Of type entry: as this change left it. */
  entry: Entry | null;
  /** Of type conversation: as it is now. */
  conversation: Conversation | null;
}

/** What has happened. */
export interface EventPage {
  /** In the order in which it was written: what one person wrote stays in order. Of several changes of one thing between two calls the last is enough, and may be all that is told. */
  events: Event[];
  /** Where to go on: `after` of the next call. */
  next: number;
  /** The lowest number that is kept. */
  oldest: number;
  /** There is more by now: ask again at once. Else in a moment. */
  more: boolean;
}

/** One that follows the log of changes for all servers. */
export interface LogReader {
  /** contact_days: counts contacts by day, for customer.overview and customer.journey. */
  name: string;
  /** By which setting it makes what it makes: of contact_days, the time zone of the days. */
  setting: string;
  /** Rows of the log that it has not read yet. */
  behind: number;
  /** How long ago the first of them was written. */
  behind_ms: number;
  /** It makes all that it has made anew: it is new, was behind for too long, or its setting has changed. */
  anew: boolean;
  /** Rows that it could not deal with. */
  set_aside: number;
}

/** A row of the log that a reader could not deal with; it has gone on behind it. */
export interface LogAside {
  /** Which. */
  reader: string;
  /** The number of the row, as in event.list. */
  seq: number;
  /** What it tells, as it is stored. */
  changes: string;
  /** Why, in English, for whoever runs the server; its log says more. */
  problem: string;
  /** When it was set aside. */
  at: string;
}

/** Who follows the log of changes within. */
export interface LogReaderList {
  /** All of them. */
  readers: LogReader[];
  /** The last 100, newest first. */
  set_aside: LogAside[];
}

/** One of our addresses from which mail may go. */
export interface Sender {
  /** The address. */
  address: string;
  /** The name before it. */
  name: string;
  /** What stands below each answer when it leaves, as plain text; null: nothing does. */
  signature: string | null;
}

/** One way to write to a person. */
export interface Way {
  /** To which identity; null: none is known. */
  identity_id: string | null;
  /** By which channel. */
  channel_id: string;
  /** Its name. */
  channel_name: string;
  /** By what means. */
  medium: 'none' | 'email' | 'chat' | 'phone' | 'line' | 'whatsapp' | 'messenger' | 'instagram' | 'telegram' | 'sms' | 'shop' | 'other' | 'in_person' | 'letter';
  /** Where it goes to, for people. */
  address: string | null;
  /** Which of our addresses it goes out from; null: the channel has none. */
  from: string | null;
  /** Can be used now. */
  usable: boolean;
  /** Why not; null when it can. */
  closed: 'off' | 'write_first' | 'window_over' | 'opted_out' | 'bounced' | 'unproven' | 'no_identity' | 'restricted' | null;
  /** Why not, and what would open it. */
  reason: Said[];
  /** Somebody has typed the address in the chat: whoever reads there may be somebody else. */
  unproven: boolean;
  /** When the person was last heard of there; null: never. */
  last_here_at: string | null;
  /** Free answers are possible until then; null: always. */
  window_until: string | null;
  /** So long after each word of the person; 0: always. */
  window_ms: number | null;
  /** Longest text; 0: no limit. */
  text_max: number | null;
  /** How it is counted: characters, utf16 or bytes. */
  text_unit: string;
  /** How long message.cancel is possible; 0: it goes at once. */
  undo_ms: number | null;
  /** Has a subject. */
  has_subject: boolean;
  /** So many people may have an answer besides (message.send with `to`, `cc`, `bcc`). */
  copies_max: number | null;
  /** What a formatted answer (message.send with `format`) is there: none, plain text; marks, with those that messengers know; html, in full; pictures, in full with the pictures that it names. */
  rich: 'none' | 'marks' | 'html' | 'pictures';
  /** Email: from which of our addresses it may go (message.send with `from`), the standard one first. */
  senders: Sender[];
  /** Takes files. */
  has_attachments: boolean;
  /** So many with one answer. */
  files_max: number | null;
  /** So large each, in bytes. */
  file_bytes_max: number | null;
  /** So large together. */
  files_bytes_max: number | null;
  /** Longest text with a file; 0: as of any. */
  files_text_max: number | null;
  /** The one to choose first: usable, and where it will be seen soonest. A chat is that for ten minutes after the visitor's last word; `presence` says whether they are there without a word. */
  best: boolean;
}

/** What two people have both, and not in common. */
export interface Difference {
  /** A member of the profile, attributes.<name>, a kind of identity, or country: that of their telephone numbers. */
  what: string;
  /** Of the one: at most so many. */
  a: string[];
  /** Of the other. A country is a code of ISO 3166. */
  b: string[];
}

/** Perhaps the same person. */
export interface Suggestion {
  /** The other. */
  customer_id: string;
  /** Name, or what there is of one. */
  name: string | null;
  /** Per cent. */
  confidence: number | null;
  /** Why, as a word: claimed_email, same_phone, same_name … */
  signal: string;
  /** Why. */
  evidence: Said[];
  /** What speaks against it: `a` is of this person, `b` of the other. */
  differs: Difference[];
  /** The identity of this person that it is about. */
  identity_id: string | null;
  /** And of the other. */
  other_identity_id: string | null;
  /** When the other was last heard of. */
  last_at: string | null;
}

/** A person, with all that a screen shows beside the entries. From here on every change is pushed: `entry`, `conversation`, and `customer`, which says that the rest has changed. */
export interface Person {
  /** Who it is, and the entries. */
  timeline: Snapshot;
  /** In which time zone the days are, an IANA name: that of the installation ([desk] time_zone). When that is changed, all are counted anew, and until then (reader.list) some are still those of the zone before. */
  time_zone: string;
  /** What happened, by day and means, oldest first. An entry counts on its day as `in` or `out` when it is a message or a call and was said to somebody, as `other` when it is neither of these, a note or an activity; not at all when it was moved away, or back. */
  days: JourneyDay[];
  /** Newest first. */
  orders: Order[];
  /** What they cost together, by currency. */
  order_sums: OrderSum[];
  /** What stays on top, newest first. */
  pins: Entry[];
  /** All ways to write to the person, best first. */
  ways: Way[];
  /** Newest first. */
  conversations: Conversation[];
  /** There are older ones. */
  more_conversations: boolean;
  /** Who is perhaps the same person, surest first. */
  suggestions: Suggestion[];
  /** Of what the caller has begun to write to them: see draft.get; 0: nothing. */
  draft_version: number;
}

/** All ways to write to a person. */
export interface Reach {
  /** Best first. */
  ways: Way[];
}

/** Who is perhaps the same person. */
export interface SuggestionList {
  /** Surest first. */
  suggestions: Suggestion[];
}

/** Which page. */
export interface OpenSuggestionParams {
  /** `cursor` of an earlier answer: what comes after it. */
  before?: string | null;
  /** At most so many; default 50. */
  limit?: number | null;
}

/** Two persons who are perhaps one: what customer.suggestions says of each. */
export interface OpenSuggestion {
  /** The one: who claims, or has claimed last. */
  a: CustomerRef | null;
  /** The other. */
  b: CustomerRef | null;
  /** Per cent. */
  confidence: number | null;
  /** Why, as a word. */
  signal: string;
  /** Why. */
  evidence: Said[];
  /** What speaks against it. */
  differs: Difference[];
  /** When the last of it was said; null: they are called the same. */
  found_at: string | null;
}

/** Suggestions that nobody has answered. */
export interface OpenSuggestionList {
  /** What somebody has said, newest first; then who is called the same, newest people first. */
  suggestions: OpenSuggestion[];
  /** There may be others: a page looks at so much, and may be empty. */
  more: boolean;
  /** Where to go on. */
  cursor: string | null;
}

/** A search that an agent keeps. */
export interface SavedSearch {
  /** Id. */
  id: string;
  /** What the agent calls it. */
  name: string;
  /** What was asked. */
  query: string;
  /** To what it was narrowed, and how it is shown: as in the console's address. */
  filters: string | null;
  /** When it was kept. */
  made_at: string;
}

/** The caller's searches. */
export interface SavedSearches {
  /** By name. */
  searches: SavedSearch[];
}

/** What to keep. */
export interface SearchSaveParams {
  /** What the agent calls it; one that has this name already is replaced. */
  name: string;
  /** What is asked. */
  query: string;
  /** To what it is narrowed, and how it is shown: as in the console's address. */
  filters?: string | null;
}

/** Of whom. */
export interface HintsParams {
  /** The people of a list. */
  customer_ids: string[];
}

/** What tells somebody from others of the same name. */
export interface CustomerHint {
  /** Customer id. */
  id: string;
  /** Their name, or an identity's name or value when unknown. */
  name: string | null;
  /** The company, addresses and numbers, as people read them; not ids that mean nothing to people. */
  marks: string[];
  /** Perhaps the same as somebody else, by an address or number: customer.suggestions says who. Names alone do not count. */
  perhaps: boolean;
}

/** What tells people apart. */
export interface CustomerHints {
  /** In no order; without those who do not exist, or were erased. */
  hints: CustomerHint[];
}

/** Of whom. */
export interface VisitorsHereParams {
  /** The people of a list. */
  customer_ids: string[];
}

/** Who is here. */
export interface VisitorsHere {
  /** Those who have a page with the chat open. */
  customer_ids: string[];
}

/** An entry is new or has changed. Keep the one with the higher version. */
export interface EntryPush {
  /** Whose timeline. */
  customer_id: string;
  /** The entry as it is now. */
  entry: Entry;
}

/** The person's data or identities have changed: read again what is shown. What an entry changes (the counts of its day, orders, pins, the window of the way it came by) follows from the entry. */
export interface CustomerPush {
  /** The person. */
  customer_id: string;
}

/** An agent who looks at a person. */
export interface Watcher {
  /** Who. */
  agent_id: string;
  /** Writes an answer now. */
  typing?: boolean | null;
}

/** Where a visitor of the chat is, as their widget says it. Kept as long as they are there, and no longer. */
export interface Visit {
  /** The page that is open. */
  url?: string | null;
  /** Its title. */
  title?: string | null;
  /** The page of the site before it. */
  before_url?: string | null;
  /** Whence they came to the site, without what was asked for there. */
  referrer?: string | null;
  /** Of the browser, as a BCP 47 tag. */
  language?: string | null;
  /** Of the browser, an IANA name. */
  time_zone?: string | null;
  /** What they hold in their hands. */
  device?: 'phone' | 'tablet' | 'computer' | null;
}

/** Who looks at a person now, without the receiver. */
export interface PresencePush {
  /** The person. */
  customer_id: string;
  /** Colleagues. */
  agents: Watcher[];
  /** The person types in the chat. */
  visitor_typing: boolean;
  /** The person has a page with the chat open. */
  visitor_here: boolean;
  /** What they type, where the channel shows it (typing_preview); not sent yet. */
  visitor_text: string | null;
  /** Where they are; null: nobody is there, or it is not for the receiver. */
  visit: Visit | null;
}

/** Settings have changed. */
export interface ReloadPush {
  /** channels, agents or attributes: read the list again. all: pushes may have been missed, read again what is shown, from the versions you have, as after a lost connection. */
  what: 'channels' | 'agents' | 'attributes' | 'all';
}

/** An agent's draft to a person is another one: their other screens read it again. */
export interface DraftPush {
  /** The person. */
  customer_id: string;
  /** Whose draft. */
  agent_id: string;
  /** Its version; 0: there is none any more. */
  version: number;
}

/** To a widget: what the other side does. */
export interface ChatPresencePush {
  /** An agent is online. */
  online: boolean;
  /** An agent writes an answer. */
  typing: boolean;
  /** Who. */
  name: string | null;
}

/** A stored file. */
export interface Attachment {
  /** File name. */
  name: string | null;
  /** MIME type. */
  type: string;
  /** Bytes. */
  size: number | null;
  /** Of the content, hexadecimal; null: it is not here. */
  sha256: string | null;
  /** Content-ID that the mail's HTML refers to. */
  cid: string | null;
  /** Part of the text rather than beside it. */
  inline: boolean;
  /** Path of its content on this server; null: it is not here. */
  url: string | null;
  /** Only of one that is not here, because a provider keeps it: waiting, while it is fetched; or why that has failed. entry.fetch tries it again. */
  fetch: 'done' | 'waiting' | 'gone' | 'refused' | 'too_large' | 'damaged' | 'unreachable' | null;
  /** What a virus scanner says of it, when that keeps it from being given out, or it was not looked at: waiting, infected or too_large; null: nothing. */
  scan: 'clean' | 'waiting' | 'infected' | 'too_large' | null;
  /** What it is infected with, as the scanner calls it. */
  found: string | null;
}

/** What is known of a message besides its words; which of these there are depends on the channel. */
export interface MessagePayload {
  /** What it is where it comes from: text, sticker, location, image, … */
  type?: string | null;
  /** Of a mail: name and address of the sender. */
  from?: string | null;
  /** Of a mail: list of names and addresses. Of ours left out when it goes to the person alone, who is the first else. */
  to?: unknown | null;
  /** Of a mail: the same. */
  cc?: unknown | null;
  /** Of a mail of ours: the same, of those whom nobody else sees. */
  bcc?: unknown | null;
  /** Of a mail: list of the addresses that it was handed over for, as the envelope, a provider or Delivered-To says. */
  delivered_to?: unknown | null;
  /** Of a mail, where it says so. */
  reply_to?: string | null;
  /** Of a mail its Message-ID; else the id of the message where it comes from. */
  message_id?: string | null;
  /** Of a mail: what it answers. */
  in_reply_to?: string | null;
  /** Of a mail: the ids of those before it, the oldest first, where it names more than that one. */
  references?: string | null;
  /** Of a mail: its Date, where that is not believed. */
  date_claimed?: string | null;
  /** Of a mail: a program wrote it. */
  auto?: boolean | null;
  /** Of a mail: whether the sender proved the address: pass, fail, none. */
  auth?: string | null;
  /** Of a mail: what SPF found, in the words of RFC 8601 (pass, fail, softfail, neutral, none, temperror, permerror), by your own mail server or the provider; left out where nobody who is trusted says. */
  spf?: string | null;
  /** Of a mail: the same of DKIM. */
  dkim?: string | null;
  /** Of a mail: the same of DMARC. */
  dmarc?: string | null;
  /** So many bytes of the text are new; what follows is quoted, or a signature. */
  quote_at?: number | null;
  /** Of a mail that passes on another one as a whole: {name, address, subject, date} of that, as far as it says; the date is in the words of the program. Nobody has proven any of it. */
  forwarded_from?: unknown | null;
  /** Of a mail that answers one outside its own conversation, somebody else's of whom it has come as a copy, or an old one: {entry_id, customer_id} of that. */
  thread?: unknown | null;
  /** Of a mail with an invitation: {method, summary, starts, ends, location, organizer, repeats, status, description}. Times are RFC 3339, without a zone where it has none, of whole days the date alone. */
  calendar?: unknown | null;
  /** Of a mail: smime_signed, smime_encrypted, pgp_signed, pgp_encrypted. */
  secure?: string | null;
  /** Of a mail that is signed: {state, by}. State is valid, weak (it holds by what can be forged: SHA-1, MD5, a short key), expired (the key did not hold when the mail was written), other (it holds, and is by somebody whose key does not speak for the From address), invalid (the mail was changed), unknown (nobody is known whose it is: see mail_key.add), or partial (only a part of the mail is signed). `by` is the label of the key, or what a certificate calls its owner. It says nothing of the author, and nobody is asked whether a certificate was revoked. */
  signature?: unknown | null;
  /** It was larger than is kept. */
  cut?: boolean | null;
  /** Of a chat: the page where it was written. */
  page_url?: string | null;
  /** Of a chat: when it was written, if that was long before it came. */
  written_at?: string | null;
  /** Of a location its address; of our mail to a visitor, the address that was left in the chat. */
  address?: string | null;
  /** Of a location, or a contact. */
  name?: string | null;
  /** Of a location: a number. */
  latitude?: unknown | null;
  /** Of a location: a number. */
  longitude?: unknown | null;
  /** Of a sticker: list of what it says. */
  keywords?: unknown | null;
  /** Of ours: it begins a conversation, and answers nothing. */
  begins?: boolean | null;
  /** Of ours, when it is formatted: as it was written. `text` is the same as plain text, `html` as it is shown. */
  markdown?: string | null;
  /** What it is, where it is no text; `text` is the same in English. */
  said?: Said[] | null;
  /** Of a picture, sound, film or file: {id, type, name, size, duration_ms, url, …} where it comes from. */
  media?: unknown | null;
  /** Of a form (WhatsApp flow): what was filled in, by the names of its fields. */
  answers?: unknown | null;
  /** Of a list or buttons: {id, title, description} of what was chosen. */
  choice?: unknown | null;
  /** Of a quick reply of a template: what it says to the business. */
  button?: string | null;
  /** Of a button on LINE: {data, params: {date, time, datetime, …}}. */
  postback?: unknown | null;
  /** Of a list of products: {catalog_id, text, product_items: [{product_retailer_id, quantity, item_price, currency}]}. */
  order?: unknown | null;
  /** Of contacts: a list, as WhatsApp gives it. */
  contacts?: unknown | null;
  /** Of the advertisement that it was written from: {headline, body, source_url, source_type, source_id, ctwa_clid, …}. */
  referral?: unknown | null;
  /** Of WhatsApp: it was written to somebody else before. */
  forwarded?: boolean | null;
  /** When its author last changed its words. */
  edited_at?: string | null;
  /** When its author took it back: its words are gone. */
  taken_back_at?: string | null;
}

/** A note has none. */
export interface NotePayload {
}

/** A call as it is now. */
export interface CallPayload {
  /** ringing, in_progress, completed, missed, busy, no_answer, failed, cancelled, recorded, … */
  state?: string | null;
  /** The provider's id of the call. */
  call_id?: string | null;
  /** in or out. */
  direction?: string | null;
  /** How long was spoken, in seconds. */
  duration_s?: number | null;
  /** Where the recording is. */
  recording_url?: string | null;
  /** How long it is, in seconds. */
  recording_s?: number | null;
  /** What was said. */
  transcript?: string | null;
}

/** Loyalty points. */
export interface PointsPayload {
  /** How many came, or went (below 0). */
  delta?: number | null;
  /** How many there are now. */
  balance?: number | null;
  /** The tier now. */
  tier?: string | null;
  /** For what. */
  reason?: string | null;
}

/** A page that was looked at; without its address, a visit to a store. */
export interface VisitPayload {
  /** The page. */
  url?: string | null;
  /** Its title, or the name of the store. */
  title?: string | null;
}

/** Something that was sent to many. */
export interface CampaignPayload {
  /** What it is called. */
  name?: string | null;
  /** Where it leads. */
  url?: string | null;
}

/** An answer to a question that was put to many. */
export interface SurveyPayload {
  /** The question. */
  question?: string | null;
  /** The answer. */
  answer?: string | null;
  /** How it was rated: a number, or a text. */
  score?: unknown | null;
}

/** What an agent, or the system, has done with a conversation or a person. */
export interface ActivityPayload {
  /** assigned, status, priority, identified, consent. */
  action?: string | null;
  /** Of the conversation. */
  number?: number | null;
  /** open, snoozed, resolved. */
  status?: string | null;
  /** Until when it is snoozed; left out: until the person writes. */
  until?: string | null;
  /** snooze_ended: a snooze ended; left out: somebody has set it. */
  why?: string | null;
  /** Who has it now; null: nobody. */
  agent_id?: string | null;
  /** The name then. */
  agent_name?: string | null;
  /** How urgent it is now. */
  priority?: string | null;
  /** identified: a signature vouched for it. */
  proven?: boolean | null;
  /** identified: as what the visitor is known. */
  name?: string | null;
  /** identified: the same. */
  email?: string | null;
  /** identified: the same. */
  user_id?: string | null;
  /** unknown, granted, refused. */
  consent?: string | null;
  /** consent: of which address or number. */
  address?: string | null;
  /** consent: how it was said. */
  source?: string | null;
}

/** Every method: its parameters and its result. */
export interface Methods {
  /** Logs in and sets the session cookie. */
  'session.login': { params: LoginParams; result: Me };
  /** Who is logged in. */
  'session.me': { params: Record<string, never>; result: Me };
  /** Ends the session and closes its sockets. */
  'session.logout': { params: Record<string, never>; result: Record<string, never> };
  /** Where one is logged in; for an administrator also where an agent is. */
  'session.list': { params: SessionsOf; result: SessionList };
  /** Ends one of these sessions; its sockets close. */
  'session.end': { params: SessionEndParams; result: SessionsEnded };
  /** Ends all of them but the one that asks; their sockets close. */
  'session.end_others': { params: SessionsOf; result: SessionsEnded };
  /** A page of the queue. */
  'conversation.list': { params: ConversationListParams; result: ConversationPage };
  /** How many are in each view. */
  'conversation.counts': { params: Record<string, never>; result: ConversationCounts };
  /** One conversation. */
  'conversation.get': { params: ById; result: Conversation };
  /** All conversations of a person, newest first. */
  'conversation.of_customer': { params: OfCustomer; result: ConversationPage };
  /** Gives it to an agent, or to nobody. */
  'conversation.assign': { params: AssignParams; result: Conversation };
  /** Resolves, reopens or snoozes it. */
  'conversation.set_status': { params: StatusParams; result: Conversation };
  /** Resolves many at once, but for those that have changed since they were seen. */
  'conversation.resolve_many': { params: CloseParams; result: CloseResult };
  /** Sets its priority. */
  'conversation.set_priority': { params: PriorityParams; result: Conversation };
  /** Marks it with these tags, in place of those there are. */
  'conversation.set_tags': { params: TagsParams; result: Conversation };
  /** Somebody has seen all of it. */
  'conversation.mark_read': { params: ById; result: Conversation };
  /** A snapshot of a person, and from then on every change. */
  'timeline.watch': { params: WatchParams; result: Snapshot };
  /** No more changes of this person. */
  'timeline.unwatch': { params: UnwatchParams; result: Record<string, never> };
  /** Older entries, newer entries, or only some of them. */
  'timeline.page': { params: TimelinePageParams; result: TimelinePage };
  /** The entries around one. */
  'timeline.around': { params: TimelineAroundParams; result: TimelineAround };
  /** Tells colleagues who watch the same person that the caller looks or types. */
  'timeline.presence': { params: PresenceParams; result: Record<string, never> };
  /** One entry in full. */
  'entry.get': { params: EntryGetParams; result: Entry };
  /** Answers a person. It is committed before the call returns; see the entry's delivery for what becomes of it. */
  'message.send': { params: SendParams; result: Entry };
  /** Takes an answer back that has not left yet: one that is planned, or still held back. */
  'message.cancel': { params: ById; result: Entry };
  /** Plans an answer for another time that is planned already, or sends it now. */
  'message.plan': { params: MessagePlanParams; result: Entry };
  /** Sends an answer again that has failed. */
  'message.retry': { params: ById; result: Entry };
  /** Writes down a call, a visit or a letter that did not come by a channel. */
  'contact.log': { params: ContactLogParams; result: Entry };
  /** Adds a note. */
  'note.add': { params: NoteParams; result: Entry };
  /** Adds entries from outside. */
  'entries.put': { params: EntriesPutParams; result: PutResult };
  /** Answers that have not left, or perhaps not. */
  'outbox.list': { params: OutboxListParams; result: OutboxList };
  /** Sends several again that have failed. */
  'outbox.retry': { params: OutboxRetryParams; result: OutboxRetried };
  /** What the caller has begun to write and has not sent. */
  'draft.list': { params: Record<string, never>; result: DraftList };
  /** The caller's draft to a person. One to somebody who was merged into them is to them now, when there is no other. */
  'draft.get': { params: DraftOfParams; result: DraftKept };
  /** Keeps the caller's draft to a person, when nobody has saved another one since it was read. */
  'draft.save': { params: DraftSaveParams; result: DraftKept };
  /** A person with identities. */
  'customer.get': { params: ById; result: Customer };
  /** Finds people. */
  'customer.search': { params: CustomerSearchParams; result: CustomerHits };
  /** Changes what is known of a person. */
  'customer.update': { params: CustomerUpdateParams; result: Customer };
  /** The person with exactly this identity. */
  'customer.find': { params: CustomerFindParams; result: Customer };
  /** Makes a person. */
  'customer.create': { params: CustomerCreateParams; result: Customer };
  /** All people, a page at a time, to keep another system in step. */
  'customer.list': { params: CustomerListParams; result: CustomerList };
  /** Two persons side by side, before they are merged. */
  'customer.merge_preview': { params: PairParams; result: MergePreview };
  /** Makes two persons one. Nothing is lost by it: customer.unmerge gives exactly what would have been without. */
  'customer.merge': { params: MergeParams; result: Operation };
  /** Undoes a merge, a split or a share, at any later time. */
  'customer.unmerge': { params: UnmergeParams; result: Operation };
  /** Takes identities out of a person. */
  'customer.split': { params: SplitParams; result: Operation };
  /** What a person took part in: merges, splits, shares. */
  'customer.operations': { params: OfCustomer; result: OperationList };
  /** These are not the same person: no rule and no merge joins them until it is withdrawn. */
  'customer.distinguish': { params: DistinguishParams; result: Distinction };
  /** Takes back that they are not the same person. */
  'customer.withdraw_distinction': { params: ById; result: Distinction };
  /** Who is said not to be this person. */
  'customer.distinctions': { params: OfCustomer; result: DistinctionList };
  /** Gives an identity that several persons use a record of its own. */
  'identity.share': { params: ShareParams; result: Customer };
  /** A shared identity is one person's after all. */
  'identity.unshare': { params: UnshareParams; result: Customer };
  /** Files an entry with another person; where it came in, a stub leads there. The new entry. */
  'entry.move': { params: EntryMoveParams; result: Entry };
  /** Takes a move back. The original entry. */
  'entry.move_back': { params: EntryMoveBackParams; result: Entry };
  /** Fetches again what could not be had of the files that a provider keeps. The entry, whose files then wait. */
  'entry.fetch': { params: EntryFetchParams; result: Entry };
  /** Reads a mail that is attached to an entry. */
  'entry.open_mail': { params: EntryOpenParams; result: AttachedMail };
  /** Handles for the files of an entry, so that they can be sent on. */
  'entry.files': { params: EntryFetchParams; result: FilesAgain };
  /** Lets an entry stay on top of the person's page, or no longer. */
  'entry.pin': { params: EntryPinParams; result: Entry };
  /** Whether we may write to an identity on our own account; told in the timeline. */
  'identity.set_consent': { params: ConsentParams; result: Identity };
  /** What was sent there came back, but is worth another try. */
  'identity.clear_bounce': { params: OfIdentity; result: Identity };
  /** Has the virus scanner look at a file again: its signatures may be newer. What it says then is said by every entry that holds it; until then, what it said before. */
  'file.scan': { params: FileScanParams; result: Record<string, never> };
  /** Whether files are looked at, and how many wait for it. */
  'file.scanner': { params: Record<string, never>; result: Scanner };
  /** A link to a file for somebody who has no account: whoever has it has the file, without a log-in, until a time. It stands in the audit. */
  'file.link': { params: FileLinkParams; result: FileLink };
  /** A person's orders. */
  'order.list': { params: OfCustomer; result: OrderList };
  /** Adds orders, or newer states of them. */
  'orders.put': { params: OrdersPutParams; result: PutResult };
  /** Orders by number, as they are now and as they were. */
  'order.find': { params: OrderFindParams; result: OrdersFound };
  /** A person in numbers: contacts, pins, what was bought. */
  'customer.overview': { params: OfCustomer; result: Overview };
  /** A whole life by day and means, and the orders in it. */
  'customer.journey': { params: OfCustomer; result: Journey };
  /** What is asked of people. */
  'attribute.list': { params: Record<string, never>; result: AttributeList };
  /** Makes an attribute, or changes one. */
  'attribute.put': { params: AttributePutParams; result: AttributeList };
  /** Asks for an attribute no more, or again; its values stay. */
  'attribute.archive': { params: AttributeArchiveParams; result: AttributeList };
  /** Tags in use. */
  'tag.list': { params: Record<string, never>; result: TagList };
  /** What can be connected. */
  'channel.types': { params: Record<string, never>; result: ChannelTypeList };
  /** All channels, with last event and failures. */
  'channel.list': { params: Record<string, never>; result: ChannelList };
  /** Connects an account. */
  'channel.create': { params: ChannelCreateParams; result: ChannelSaved };
  /** Changes a channel. */
  'channel.update': { params: ChannelUpdateParams; result: ChannelSaved };
  /** Makes a secret anew; the one before counts beside it until it is removed. */
  'channel.rotate_secret': { params: ChannelRotateParams; result: ChannelSaved };
  /** Raw inputs. */
  'journal.list': { params: JournalListParams; result: JournalList };
  /** Tries a kept input again. */
  'journal.retry': { params: ById; result: JournalRetried };
  /** Looks at the mailbox of a channel now, also when it was given up, and tries answers by it that wait for another try. What is found is in channel.list when it is there, and screens are told to reload channels: a problem, or `tried_at` and what lies there of one that is not started yet. */
  'mailbox.try': { params: MailboxTryParams; result: Record<string, never> };
  /** Mail of the mailbox is taken in from now on, and of what lies there what came since a time. Again: from another time; what was taken in once never comes again. */
  'mailbox.start': { params: MailboxStartParams; result: Record<string, never> };
  /** Begins to sign in at the provider of a channel: where the browser goes. The provider sends it back to the channel's page in the console; what came of it is in channel.list. With a browser session only. */
  'mailbox.sign_in': { params: MailboxSignInParams; result: MailboxSignIn };
  /** Whose signatures on mail are known. */
  'mail_key.list': { params: Record<string, never>; result: MailKeyList };
  /** Knows a key from now on: signatures on mail that comes are verified by it. */
  'mail_key.add': { params: MailKeyAddParams; result: MailKeySaved };
  /** Knows it no more; what was found by it stays. */
  'mail_key.remove': { params: ById; result: Record<string, never> };
  /** All agents. */
  'agent.list': { params: Record<string, never>; result: AgentList };
  /** Makes an account. */
  'agent.create': { params: AgentCreateParams; result: Agent };
  /** Changes an account. */
  'agent.update': { params: AgentUpdateParams; result: Agent };
  /** All bearer tokens. */
  'token.list': { params: Record<string, never>; result: TokenList };
  /** Makes a bearer token. */
  'token.create': { params: TokenCreateParams; result: TokenCreated };
  /** Ends a bearer token. */
  'token.revoke': { params: ById; result: Record<string, never> };
  /** Begins: settings of the widget and the visitor's own messages. */
  'chat.hello': { params: ChatHelloParams; result: ChatHello };
  /** A message from the visitor; committed before the call returns. */
  'chat.send': { params: ChatSendParams; result: ChatMessage };
  /** Says who the visitor is. */
  'chat.identify': { params: ChatIdentifyParams; result: ChatIdentified };
  /** The visitor has read everything. */
  'chat.seen': { params: ChatSeenParams; result: Record<string, never> };
  /** The visitor types. */
  'chat.typing': { params: ChatTypingParams; result: Record<string, never> };
  /** Makes a ZIP file of all that is kept about a person, as data and as a page to read, as a task. The file is kept for seven days. */
  'privacy.export': { params: ExportParams; result: Task };
  /** Erases what was said in one entry: text, files, raw input. The entry stays as a mark. This cannot be undone. */
  'privacy.erase_entry': { params: EraseEntryParams; result: Entry };
  /** Erases a person: names, addresses, all entries with files and raw inputs, as a task. Marks stay, so that counts and order stay true. This cannot be undone. */
  'privacy.erase_customer': { params: EraseCustomerParams; result: Task };
  /** Who opened a person's timeline, and when. */
  'privacy.accesses': { params: AccessesParams; result: AccessesPage };
  /** What was decided about people, their data and who may see them: by whom, from where, when, why. */
  'audit.list': { params: AuditListParams; result: AuditPage };
  /** A piece of long work. */
  'task.get': { params: ById; result: Task };
  /** All long work. */
  'task.list': { params: TaskListParams; result: TaskPage };
  /** Ends it before its next step. What is done stays done. */
  'task.cancel': { params: ById; result: Task };
  /** Imports people or orders from a file, line by line. Running the same file again changes nothing. Columns with names that are not known are refused here. */
  'import.start': { params: ImportStartParams; result: Task };
  /** An example file with every column. */
  'import.template': { params: ImportTemplateParams; result: ImportTemplate };
  /** Finds people and entries; grouped by person, with what was asked for marked. */
  'search.query': { params: SearchParams; result: SearchResult };
  /** Finds entries; grouped by conversation, with what was asked for marked. */
  'search.conversations': { params: SearchParams; result: SearchConversations };
  /** Lets visitors of chats, and their addresses, write no more until it is undone. */
  'visitor.block': { params: BlockParams; result: Blocked };
  /** They may write again. */
  'visitor.unblock': { params: ById; result: Record<string, never> };
  /** Who is blocked. */
  'visitor.blocks': { params: ChatBlockListParams; result: ChatBlockList };
  /** What is new and what has changed, for those who follow: by its number each is told once, in order. Kept for seven days. */
  'event.list': { params: EventListParams; result: EventPage };
  /** Who follows the log of changes within, how far behind they are, and what they could not deal with. */
  'reader.list': { params: Record<string, never>; result: LogReaderList };
  /** All that is known of a person, and from then on every change: what timeline.watch, customer.reach, customer.suggestions, customer.journey, order.list and conversation.of_customer tell. */
  'person.open': { params: WatchParams; result: Person };
  /** All ways to write to a person, with reasons for those that are closed now. */
  'customer.reach': { params: OfCustomer; result: Reach };
  /** Who is perhaps the same person. */
  'customer.suggestions': { params: OfCustomer; result: SuggestionList };
  /** Pairs of persons who are perhaps one, that nobody has answered. */
  'suggestion.list': { params: OpenSuggestionParams; result: OpenSuggestionList };
  /** The searches that the caller keeps. */
  'search.saved': { params: Record<string, never>; result: SavedSearches };
  /** Keeps a search under a name. */
  'search.save': { params: SearchSaveParams; result: SavedSearch };
  /** Keeps it no more. */
  'search.forget': { params: ById; result: Record<string, never> };
  /** What tells the people of a list apart, and who of them is perhaps somebody else as well. */
  'customer.hints': { params: HintsParams; result: CustomerHints };
  /** Who of these people has a page with the chat open now. */
  'visitor.here': { params: VisitorsHereParams; result: VisitorsHere };
}

/** What the server pushes. */
export interface Notifications {
  /** To agents who watch the person: An entry is new or has changed. */
  'entry': EntryPush;
  /** To all agents: A row of the queue is new or has changed. */
  'conversation': Conversation;
  /** To agents who watch the person: The person has changed. */
  'customer': CustomerPush;
  /** To agents who watch the person: Who looks or types. */
  'presence': PresencePush;
  /** To all agents: Read again; `all` goes to visitors too. */
  'reload': ReloadPush;
  /** To supervisors and administrators: Long work was asked for, goes on, or is over. */
  'task': Task;
  /** To agents who watch the person: What an agent has begun to write has changed. */
  'draft': DraftPush;
  /** To the visitor: A message is new or has changed. */
  'chat.message': ChatMessage;
  /** To the visitor: What the other side does. */
  'chat.presence': ChatPresencePush;
}

/** What an entry of each kind carries besides its words; more may be there. */
export interface Payloads {
  message: MessagePayload;
  note: NotePayload;
  call: CallPayload;
  order: OrderFacts;
  points: PointsPayload;
  visit: VisitPayload;
  campaign: CampaignPayload;
  survey: SurveyPayload;
  activity: ActivityPayload;
}

/** Not asked again after a lost answer: it would be done twice. */
export const ONCE: ReadonlySet<keyof Methods> = new Set<keyof Methods>(['message.cancel', 'message.plan', 'message.retry', 'outbox.retry', 'channel.create', 'channel.rotate_secret', 'journal.retry', 'agent.create', 'token.create']);

/** `error.data.kind` of a refused call. */
export type ErrorKind = 'parse' | 'request' | 'invalid' | 'unknown_method' | 'unauthenticated' | 'forbidden' | 'not_found' | 'conflict' | 'too_large' | 'rate_limited' | 'busy' | 'unavailable' | 'internal' | 'blocked';
