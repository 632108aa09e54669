variable "zones" {
  type        = list(string)
  description = "Availability zones to spread over."
  default     = ["eu-west-1a", "eu-west-1b"]
}

variable "stage" {
  type = string
  validation {
    condition     = contains(["test", "production"], var.stage)
    error_message = "Either test or production."
  }
}

locals {
  name = "shop-${var.stage}"
  tags = { stage = var.stage, team = "shop" }
}
