resource "aws_ebs_volume" "data" {
  # ok: terraform-storage-unencrypted
  encrypted = true
}

resource "aws_cloudfront_distribution" "site" {
  default_cache_behavior {
    # ruleid: terraform-transport-unencrypted
    viewer_protocol_policy = "allow-all"
  }
  ordered_cache_behavior {
    # ok: terraform-transport-unencrypted
    viewer_protocol_policy = "redirect-to-https"
  }
  viewer_certificate {
    # ruleid: terraform-old-tls
    minimum_protocol_version = "TLSv1"
  }
}

# ruleid: terraform-http-listener
resource "aws_lb_listener" "plain" {
  port     = 80
  protocol = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}

# ok: terraform-http-listener
resource "aws_lb_listener" "redirect" {
  port     = 80
  protocol = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

# ok: terraform-http-listener
resource "aws_lb_listener" "main" {
  port     = 443
  protocol = "HTTPS"
  # ok: terraform-old-tls
  ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"
}

resource "aws_lb_listener" "old" {
  port     = 443
  protocol = "HTTPS"
  # ruleid: terraform-old-tls
  ssl_policy = "ELBSecurityPolicy-2016-08"
}

resource "aws_elb" "classic" {
  # ruleid: terraform-http-listener
  listener {
    instance_port     = 80
    instance_protocol = "http"
    lb_port           = 80
    lb_protocol       = "http"
  }
}

# ruleid: terraform-key-not-rotated
resource "aws_kms_key" "data" {
  description = "data"
}

# ok: terraform-key-not-rotated
resource "aws_kms_key" "rotated" {
  enable_key_rotation = true
}

# ok: terraform-key-not-rotated
resource "aws_kms_key" "signing" {
  key_usage = "SIGN_VERIFY"
}

resource "aws_kms_key" "logs" {
  # ruleid: terraform-key-not-rotated
  enable_key_rotation = false
}

provider "vault" {
  # ruleid: terraform-peer-unverified
  skip_tls_verify = true
}

provider "kubernetes" {
  # ruleid: terraform-peer-unverified
  insecure = true
  # ok: terraform-peer-unverified
  cluster_ca_certificate = file("ca.pem")
}

provider "nomad" {
  # ok: terraform-peer-unverified
  skip_verify = false
}

variable "db_password" {
  type      = string
  sensitive = true
}

# ruleid: terraform-secret-literal
variable "api_token" {
  type    = string
  default = "b7f2-91c0-33de"
}

# ok: terraform-secret-literal
variable "api_key" {
  type    = string
  default = ""
}

resource "aws_instance" "app" {
  # ok: terraform-secret-literal
  user_data = <<SCRIPT
#!/bin/sh
export DB_PASSWORD=$(cat /run/secrets/db)
SCRIPT
  metadata_options {
    # ruleid: terraform-instance-metadata-open
    http_tokens = "optional"
  }
}

resource "aws_instance" "old" {
  user_data = <<SCRIPT
#!/bin/sh
# ruleid: terraform-secret-literal
export DB_PASSWORD=sunflower42
SCRIPT
  # ok: terraform-secret-literal
  secret_name = "app/production/database"
}

resource "null_resource" "deploy" {
  # ruleid: terraform-command-from-variable
  provisioner "local-exec" {
    command = "deploy --stage ${var.stage} --tag ${var.tag}"
  }
  # ruleid: terraform-command-from-variable
  provisioner "remote-exec" {
    inline = [
      "sudo systemctl restart app",
      "echo ${var.motd} > /etc/motd",
    ]
  }
  # ok: terraform-command-from-variable
  provisioner "local-exec" {
    command     = "deploy --stage \"$STAGE\""
    environment = { STAGE = var.stage }
  }
  # ok: terraform-command-from-variable
  provisioner "local-exec" {
    command = "make -C ${path.module} package"
  }
}
