class PagesController < ApplicationController
  TARGETS = { "home" => "/", "cart" => "/cart" }.freeze
  HOSTS = { "eu" => "https://eu.example.org" }.freeze

  # ruleid: ruby-csrf-off
  skip_before_action :verify_authenticity_token
  # ruleid: ruby-csrf-off
  skip_forgery_protection only: :create
  # ok: ruby-csrf-off
  skip_before_action :load_user
  # ok: ruby-csrf-off
  protect_from_forgery with: :exception

  def greet
    # ruleid: ruby-xss-from-request
    @title = params[:title].html_safe
    # ruleid: ruby-xss-from-request, ruby-html-safe-built
    @name = raw("<b>#{params[:name]}</b>")
    # ok: ruby-xss-from-request
    @text = sanitize(params[:text])
    # ok: ruby-xss-from-request
    render plain: params[:name]
  end

  def badge(user)
    # ruleid: ruby-html-safe-built
    first = "<b>#{user.name}</b>".html_safe
    # ok: ruby-html-safe-built
    second = "<b>#{h(user.name)}</b>".html_safe
    # ok: ruby-html-safe-built
    [first, second, "<br>".html_safe]
  end

  def go
    # ruleid: ruby-redirect-from-request
    redirect_to params[:to]
    target = cookies[:return_to]
    # ruleid: ruby-redirect-from-request
    redirect_to(target, allow_other_host: true)
    # ok: ruby-redirect-from-request
    redirect_to user_path(params[:id])
    # ok: ruby-redirect-from-request
    redirect_to TARGETS.fetch(params[:to], "/")
    # ok: ruby-redirect-from-request
    redirect_to "/users/#{params[:id]}"
  end

  def back
    # ruleid: ruby-link-from-request
    first = link_to("Back", params[:back])
    address = params[:site]
    # ruleid: ruby-link-from-request
    second = link_to("Site", address)
    # ok: ruby-link-from-request
    third = link_to(params[:label], root_path)
    # ok: ruby-link-from-request
    [first, second, third, link_to("Page", page_path(params[:id]))]
  end

  def download
    # ruleid: ruby-path-from-request
    send_file "/srv/files/#{params[:file]}"
    path = File.join("/srv/notes", params[:note])
    # ruleid: ruby-path-from-request
    text = File.read(path)
    # ruleid: ruby-path-from-request
    FileUtils.rm_rf(Rails.root.join("tmp", params[:folder]))
    # ok: ruby-path-from-request
    send_file File.join("/srv/files", File.basename(params[:file]))
    full = File.expand_path(params[:file], "/srv/files")
    raise unless full.start_with?("/srv/files/")

    # ok: ruby-path-from-request
    send_file full
    text
  end

  def preview
    # ruleid: ruby-request-to-address-from-request
    page = URI.open(params[:url])
    # ruleid: ruby-request-to-address-from-request
    other = HTTParty.get("http://#{params[:host]}/status")
    # ok: ruby-request-to-address-from-request
    third = HTTParty.get("https://api.example.org/items/#{params[:id]}")
    # ok: ruby-request-to-address-from-request
    [page, other, third, Net::HTTP.get(URI("#{HOSTS.fetch(params[:region])}/status"))]
  end

  def user_params
    # ruleid: ruby-mass-assignment
    all = params.require(:user).permit!
    # ruleid: ruby-mass-assignment
    some = params.require(:user).permit(:name, :admin)
    # ok: ruby-mass-assignment
    good = params.require(:user).permit(:name, :email)
    # ok: ruby-mass-assignment
    [all, some, good, params.permit(:page)]
  end

  def settings
    # ruleid: ruby-session-key-from-request
    session[params[:name]] = params[:value]
    key = params[:key]
    # ruleid: ruby-session-key-from-request
    session[key] = true
    # ok: ruby-session-key-from-request
    session[:theme] = params[:theme]
    # ok: ruby-session-key-from-request
    session[:language] = "en"
  end

  def failed
    # ruleid: ruby-log-from-request
    Rails.logger.info("login failed: #{params[:user]}")
    # ruleid: ruby-log-from-request
    logger.warn("agent " + request.user_agent)
    # ok: ruby-log-from-request
    logger.info("login failed: #{params[:user].inspect}")
    # ok: ruby-log-from-request
    logger.info("login failed")
  end

  def headers_out
    # ruleid: ruby-header-from-request
    response.headers["Content-Language"] = params[:lang]
    # ruleid: ruby-header-from-request
    headers["Content-Disposition"] = "attachment; filename=#{params[:file]}"
    # ok: ruby-header-from-request
    response.headers["Content-Language"] = "en"
    # ok: ruby-header-from-request
    headers["X-Page"] = params[:page].to_i.to_s
    # ruleid: ruby-cross-origin-any
    response.headers["Access-Control-Allow-Origin"] = "*"
    # ok: ruby-cross-origin-any
    response.headers["Access-Control-Allow-Origin"] = "https://app.example.org"
  end

  def fails
    yield
  rescue StandardError => e
    # ruleid: ruby-error-detail-to-client
    render plain: e.backtrace.join("\n")
    # ruleid: ruby-error-detail-to-client
    render json: { error: "failed", trace: e.backtrace }
    # ok: ruby-error-detail-to-client
    logger.error(e.backtrace.join("\n"))
    # ok: ruby-error-detail-to-client
    render plain: "Something went wrong."
  end
end

class Page < ApplicationRecord
  # ruleid: ruby-multiline-anchors
  validates :slug, format: { with: /^[a-z]+$/ }
  # ruleid: ruby-multiline-anchors
  validates_format_of :site, with: /^https?:/
  # ok: ruby-multiline-anchors
  validates :name, format: { with: /\A[a-z]+\z/ }
  # ok: ruby-multiline-anchors
  validates :title, presence: true
end
