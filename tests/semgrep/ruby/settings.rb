Rails.application.configure do
  # ruleid: ruby-cleartext-allowed
  config.force_ssl = false
  # ok: ruby-cleartext-allowed
  config.force_ssl = true
  # ruleid: ruby-cookie-flags-off
  config.session_store :cookie_store, key: "_shop_session", httponly: false
  # ok: ruby-cookie-flags-off
  config.session_store :cookie_store, key: "_shop_session", secure: true
end

# ruleid: ruby-cleartext-allowed
Rails.application.config.force_ssl = false
# ok: ruby-cleartext-allowed
Rails.application.config.force_ssl = Rails.env.production?

allow do
  # ruleid: ruby-cross-origin-any
  origins "*"
  # ok: ruby-cross-origin-any
  origins "https://app.example.org"
end

def store(user, password, name)
  # ruleid: ruby-weak-password-hash, ruby-weak-hash
  user.digest = Digest::MD5.hexdigest(password)
  # ruleid: ruby-weak-password-hash
  user.other = Digest::SHA256.hexdigest("#{user.salt}#{password}")
  # ok: ruby-weak-password-hash
  user.best = BCrypt::Password.create(password)
  # ok: ruby-weak-password-hash, ruby-weak-hash
  user.tag = Digest::SHA256.hexdigest(name)
  # ruleid: ruby-weak-hash
  user.mac = OpenSSL::HMAC.hexdigest("SHA1", user.salt, name)
  # ok: ruby-weak-hash
  user.mac = OpenSSL::HMAC.hexdigest("SHA256", user.salt, name)
end

def encrypt(key)
  # ruleid: ruby-weak-cipher
  first = OpenSSL::Cipher.new("des-ede3-cbc")
  # ruleid: ruby-weak-cipher
  second = OpenSSL::Cipher.new("AES-128-ECB")
  # ok: ruby-weak-cipher
  third = OpenSSL::Cipher.new("aes-256-gcm")
  # ok: ruby-weak-cipher
  fourth = OpenSSL::Cipher::AES.new(256, :GCM)
  # ruleid: ruby-fixed-iv
  third.iv = "0123456789ab"
  # ruleid: ruby-fixed-iv
  fourth.iv = "\0" * 12
  # ok: ruby-fixed-iv
  first.iv = first.random_iv
  # ok: ruby-fixed-iv
  second.iv = SecureRandom.random_bytes(12)
  third.key = key
end

def keys
  # ruleid: ruby-short-key
  short = OpenSSL::PKey::RSA.new(1024)
  # ruleid: ruby-short-key
  old = OpenSSL::PKey::DSA.generate(512)
  # ok: ruby-short-key
  good = OpenSSL::PKey::RSA.new(3072)
  # ok: ruby-short-key
  [short, old, good, OpenSSL::PKey::RSA.generate(4096)]
end

def tokens(user, letters)
  # ruleid: ruby-weak-random-secret
  token = rand(1_000_000).to_s
  # ruleid: ruby-weak-random-secret
  user.password = Array.new(12) { letters.sample }.join
  # ok: ruby-weak-random-secret
  reset_token = SecureRandom.urlsafe_base64(32)
  # ok: ruby-weak-random-secret
  dice = rand(1..6)
  [token, reset_token, dice]
end

def connect(http)
  # ruleid: ruby-tls-unverified
  http.verify_mode = OpenSSL::SSL::VERIFY_NONE
  # ruleid: ruby-tls-unverified
  HTTParty.get("https://example.org", verify: false)
  # ruleid: ruby-tls-unverified
  Faraday.new("https://example.org", ssl: { verify: false })
  # ok: ruby-tls-unverified
  http.verify_mode = OpenSSL::SSL::VERIFY_PEER
  # ok: ruby-tls-unverified
  HTTParty.get("https://example.org", verify: true)
end

def credentials(payload, token, key)
  # ruleid: ruby-hardcoded-credential
  password = "Kraut-und-Rueben7"
  # ruleid: ruby-hardcoded-credential
  http_basic_authenticate_with name: "admin", password: "Kraut7"
  # ruleid: ruby-hardcoded-credential
  first = JWT.encode(payload, "not-so-secret", "HS256")
  # ok: ruby-hardcoded-credential
  api_key = ENV.fetch("API_KEY")
  # ok: ruby-hardcoded-credential, ruby-token-unsigned
  second = JWT.encode(payload, key, "HS256")
  # ruleid: ruby-token-unsigned
  third = JWT.decode(token, key, false)
  # ruleid: ruby-token-unsigned
  fourth = JWT.encode(payload, nil, "none")
  # ok: ruby-token-unsigned
  fifth = JWT.decode(token, key, true, algorithm: "HS256")
  [password, first, api_key, second, third, fourth, fifth]
end

def sign_in(token)
  # ruleid: ruby-cookie-flags-off
  cookies[:token] = { value: token, httponly: false }
  # ok: ruby-cookie-flags-off
  cookies[:token] = { value: token, secure: true, httponly: true }
end

def parse(text)
  # ruleid: ruby-xml-external-entities
  first = Nokogiri::XML(text) { |config| config.noent }
  # ruleid: ruby-xml-external-entities
  LibXML::XML.default_substitute_entities = true
  # ok: ruby-xml-external-entities
  second = Nokogiri::XML(text) { |config| config.strict.nonet }
  # ok: ruby-xml-external-entities
  [first, second, Nokogiri::XML(text)]
end

def publish(path)
  # ruleid: ruby-world-writable
  File.chmod(0o777, path)
  # ruleid: ruby-world-writable
  FileUtils.chmod("a+w", path)
  # ok: ruby-world-writable
  File.chmod(0o640, path)
  # ok: ruby-world-writable
  FileUtils.chmod("u+w", path)
end
