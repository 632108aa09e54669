class ReportsController < ApplicationController
  COLUMNS = %w[name age].freeze
  REPORTS = { "sales" => SalesReport }.freeze

  def index
    # ruleid: ruby-sql-from-request, ruby-sql-built-string
    @reports = Report.where("region = '#{params[:region]}'")
    # ruleid: ruby-sql-from-request
    @sorted = Report.order(params[:sort])
    sql = "name = '" + params[:name] + "'"
    # ruleid: ruby-sql-from-request
    @named = Report.where(sql)
    # ruleid: ruby-sql-from-request, ruby-sql-built-string
    rows = ActiveRecord::Base.connection.execute("DELETE FROM reports WHERE id = #{params[:id]}")
    # ok: ruby-sql-from-request, ruby-sql-built-string
    @good = Report.where("region = ?", params[:region])
    # ok: ruby-sql-from-request
    @better = Report.where(region: params[:region])
    # ok: ruby-sql-from-request, ruby-sql-built-string
    @numbered = Report.where("year = #{params[:year].to_i}")
    return unless COLUMNS.include?(params[:column])

    # ok: ruby-sql-from-request
    @listed = Report.order(params[:column])
    rows
  end

  def of_owner(owner)
    # ruleid: ruby-sql-built-string
    Report.where("owner = '#{owner}'")
  end

  def ping
    host = params[:host]
    # ruleid: ruby-command-from-request, ruby-built-command
    system("ping -c 1 #{host}")
    # ruleid: ruby-command-from-request, ruby-built-command
    output = `nslookup #{host}`
    # ruleid: ruby-command-from-request
    Open3.capture2(params[:command])
    # ok: ruby-command-from-request, ruby-built-command
    system("ping", "-c", "1", "--", host)
    # ok: ruby-command-from-request, ruby-built-command
    system("ping -c 1 #{Shellwords.escape(host)}")
    output
  end

  def thumbnail(source)
    # ruleid: ruby-built-command
    `convert #{source} -resize 100x100 out.png`
  end

  def run
    # ruleid: ruby-code-from-request, ruby-eval-of-expression
    eval(params[:expression])
    # ruleid: ruby-code-from-request
    current_user.send(params[:action_name], 1)
    # ruleid: ruby-code-from-request
    klass = params[:type].constantize
    # ok: ruby-code-from-request
    report = REPORTS.fetch(params[:kind]).new
    # ok: ruby-code-from-request
    current_user.public_send(:rename, params[:name])
    [klass, report]
  end

  def compute(formula)
    # ruleid: ruby-eval-of-expression
    value = eval(formula)
    # ok: ruby-eval-of-expression
    instance_eval { @value = value }
    # ok: ruby-eval-of-expression
    eval("1 + 1")
  end

  def preview
    # ruleid: ruby-template-from-request
    render inline: "Hello #{params[:name]}"
    template = params[:template]
    # ruleid: ruby-template-from-request
    ERB.new(template).result(binding)
    # ok: ruby-template-from-request
    render inline: "Hello <%= name %>", locals: { name: params[:name] }
    # ok: ruby-template-from-request
    ERB.new(File.read("app/views/hello.erb")).result(binding)
  end

  def page
    # ruleid: ruby-render-from-request
    render params[:page]
    # ruleid: ruby-render-from-request
    render template: "pages/#{params[:page]}"
    # ok: ruby-render-from-request
    render :page, locals: { page: params[:page] }
    # ok: ruby-render-from-request
    render json: params[:page]
    return unless %w[terms help].include?(params[:known])

    # ok: ruby-render-from-request
    render params[:known]
  end

  def restore
    # ruleid: ruby-deserialize-request, ruby-unsafe-deserialization
    state = Marshal.load(Base64.decode64(cookies[:state]))
    # ruleid: ruby-deserialize-request, ruby-unsafe-deserialization
    settings = YAML.load(params[:settings])
    # ok: ruby-deserialize-request, ruby-unsafe-deserialization
    data = JSON.parse(params[:state])
    # ok: ruby-deserialize-request, ruby-unsafe-deserialization
    more = YAML.safe_load(params[:settings], permitted_classes: [Date])
    [state, settings, data, more]
  end

  def nodes(document)
    # ruleid: ruby-xpath-from-request
    user = document.xpath("//user[name='#{params[:name]}']")
    query = "//user[@id='" + params[:id] + "']"
    # ruleid: ruby-xpath-from-request
    other = document.at_xpath(query)
    # ok: ruby-xpath-from-request
    all = document.xpath("//user")
    # ok: ruby-xpath-from-request
    first = document.at_xpath("//user[#{params[:row].to_i}]")
    [user, other, all, first]
  end

  def people(ldap)
    # ruleid: ruby-ldap-from-request
    filter = Net::LDAP::Filter.construct("(uid=#{params[:uid]})")
    text = "(mail=#{params[:mail]})"
    # ruleid: ruby-ldap-from-request
    ldap.search(base: "dc=example,dc=org", filter: text)
    # ok: ruby-ldap-from-request
    safe = Net::LDAP::Filter.equals("uid", params[:uid])
    # ok: ruby-ldap-from-request
    ldap.search(base: "dc=example,dc=org", filter: safe)
    filter
  end

  def search
    # ruleid: ruby-pattern-from-request
    pattern = Regexp.new(params[:pattern])
    # ruleid: ruby-pattern-from-request
    found = Report.all.select { |report| report.name =~ /#{params[:word]}/ }
    # ok: ruby-pattern-from-request
    good = Regexp.new(Regexp.escape(params[:word]))
    # ok: ruby-pattern-from-request
    [pattern, found, good, params[:word].match?(/\A\w+\z/)]
  end
end
