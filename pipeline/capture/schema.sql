-- The operational tables of the make-believe Yeogi Eottae, as far as audiences need them. PostgreSQL 15.
CREATE TABLE users (
  user_id text PRIMARY KEY,
  status text,
  born_on date,
  gender text,
  tier text,
  home_place text,
  life_stage text,
  signed_up_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE consents (
  user_id text NOT NULL,
  channel text NOT NULL,
  granted_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, channel)
);

CREATE TABLE bookings (
  booking_id text PRIMARY KEY,
  order_id text,
  user_id text NOT NULL,
  product_id text,
  product_line text NOT NULL,
  product_type text,
  place text,
  stay_mode text,
  travel_party text[],
  theme text[],
  carted_at timestamptz,
  checkout_at timestamptz,
  payment_failed_at timestamptz,
  removed_at timestamptz,
  booked_at timestamptz,
  paid_at timestamptz,
  cancelled_at timestamptz,
  refunded_at timestamptz,
  no_show boolean NOT NULL DEFAULT false,
  check_in date,
  check_out date,
  shown_price numeric(12, 0),
  paid numeric(12, 0) NOT NULL DEFAULT 0,
  refunded numeric(12, 0) NOT NULL DEFAULT 0,
  memo text
);

CREATE TABLE wishlists (
  wish_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id text NOT NULL,
  product_line text,
  product_type text,
  place text,
  wished_at timestamptz NOT NULL DEFAULT now()
);
