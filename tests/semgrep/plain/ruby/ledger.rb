# frozen_string_literal: true

module Accounting
  # Entries of an account, in the order in which they were made.
  class Ledger
    include Enumerable

    Entry = Struct.new(:day, :amount, :purpose, keyword_init: true)

    attr_reader :account

    def initialize(account)
      @account = account
      @entries = []
    end

    def add(day:, amount:, purpose: nil)
      raise ArgumentError, "an entry moves money" if amount.zero?

      @entries << Entry.new(day: day, amount: amount, purpose: purpose)
      self
    end

    def each(&block)
      @entries.each(&block)
    end

    def balance
      sum(&:amount)
    end

    def by_month
      group_by { |entry| entry.day.strftime("%Y-%m") }.transform_values { |entries| entries.sum(&:amount) }
    end

    def to_s
      format("%<account>s (%<count>d)", account: account.capitalize, count: count)
    end
  end
end
