# frozen_string_literal: true

module Text
  # Turns headings into the last part of an address.
  module Slug
    SIGNS = { "&" => " and ", "@" => " at " }.freeze

    module_function

    def of(heading)
      text = heading.downcase.strip
      SIGNS.each { |sign, word| text = text.gsub(sign, word) }
      text.gsub(/[^a-z0-9]+/, "-").gsub(/\A-|-\z/, "")
    end

    def unique(heading, taken)
      slug = of(heading)
      return slug unless taken.include?(slug)

      number = 2
      number += 1 while taken.include?("#{slug}-#{number}")
      "#{slug}-#{number}"
    end

    def shorten(slug, length = 40)
      return slug if slug.size <= length

      cut = slug[0, length].rindex("-") || length
      slug[0, cut]
    end
  end
end
