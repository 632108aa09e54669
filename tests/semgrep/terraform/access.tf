data "aws_iam_policy_document" "all" {
  # ruleid: terraform-iam-wildcard
  statement {
    actions   = ["*"]
    resources = ["*"]
  }
  # ok: terraform-iam-wildcard
  statement {
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]
  }
  # ok: terraform-iam-wildcard
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
  # ruleid: terraform-policy-open-to-all
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.data.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
  # ok: terraform-policy-open-to-all
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.data.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-1234567890"]
    }
  }
}

resource "aws_iam_policy" "all" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # ruleid: terraform-iam-wildcard
      {
        Effect   = "Allow"
        Action   = "*"
        Resource = "*"
      },
      # ok: terraform-iam-wildcard
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = aws_sqs_queue.jobs.arn
      },
    ]
  })
}

resource "aws_iam_role" "open" {
  assume_role_policy = <<POLICY
{
  "Version": "2012-10-17",
  "Statement": [
    # ruleid: terraform-policy-open-to-all
    {
      "Effect": "Allow",
      "Principal": {"AWS": "*"},
      "Action": "sts:AssumeRole"
    },
    # ok: terraform-policy-open-to-all
    {
      "Effect": "Allow",
      "Principal": {"Service": "ec2.amazonaws.com"},
      "Action": "sts:AssumeRole"
    }
  ]
}
POLICY
}

/*
resource "aws_s3_bucket" "old" {
  acl = "public-read"
}
*/
resource "aws_s3_bucket" "site" {
  # acl = "public-read"
  # ruleid: terraform-bucket-public
  acl = "public-read"
}

resource "aws_s3_bucket" "data" {
  # ok: terraform-bucket-public
  acl = "private"
}

resource "aws_s3_bucket_public_access_block" "data" {
  # ruleid: terraform-bucket-public
  block_public_acls = false
  # ok: terraform-bucket-public
  block_public_policy = true
}

resource "azurerm_storage_account" "data" {
  # ruleid: terraform-bucket-public
  allow_nested_items_to_be_public = true
  # ruleid: terraform-transport-unencrypted
  https_traffic_only_enabled = false
  # ruleid: terraform-old-tls
  min_tls_version = "TLS1_0"
  # ruleid: terraform-public-network-access
  network_rules {
    default_action = "Allow"
  }
}

resource "azurerm_storage_account" "better" {
  # ok: terraform-bucket-public
  allow_nested_items_to_be_public = false
  # ok: terraform-transport-unencrypted
  https_traffic_only_enabled = true
  # ok: terraform-old-tls
  min_tls_version = "TLS1_2"
  # ok: terraform-public-network-access
  public_network_access_enabled = false
  # ok: terraform-public-network-access
  network_rules {
    default_action = "Deny"
  }
}

resource "azurerm_key_vault" "keys" {
  # ruleid: terraform-public-network-access
  public_network_access_enabled = true
}

# ruleid: terraform-public-member
resource "google_storage_bucket_iam_member" "readers" {
  bucket = google_storage_bucket.data.name
  role   = "roles/storage.objectViewer"
  member = "allUsers"
}

# ruleid: terraform-public-member
resource "google_project_iam_binding" "viewers" {
  role    = "roles/viewer"
  members = ["group:team@example.org", "allAuthenticatedUsers"]
}

# ok: terraform-public-member
resource "google_cloud_run_service_iam_member" "callers" {
  role   = "roles/run.invoker"
  member = "allUsers"
}

# ok: terraform-public-member
resource "google_project_iam_member" "reader" {
  # ok: terraform-administrator-role
  role   = "roles/storage.objectViewer"
  member = "serviceAccount:${google_service_account.reader.email}"
}

resource "google_project_iam_member" "everything" {
  # ruleid: terraform-administrator-role
  role   = "roles/owner"
  member = "serviceAccount:${google_service_account.reader.email}"
}

resource "aws_iam_role_policy_attachment" "everything" {
  role = aws_iam_role.app.name
  # ruleid: terraform-administrator-role
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_role_policy_attachment" "logs" {
  role = aws_iam_role.app.name
  # ok: terraform-administrator-role
  policy_arn = "arn:aws:iam::aws:policy/CloudWatchLogsReadOnlyAccess"
}

# ruleid: terraform-no-authentication
resource "aws_api_gateway_method" "orders" {
  http_method   = "POST"
  authorization = "NONE"
}

# ok: terraform-no-authentication
resource "aws_api_gateway_method" "preflight" {
  http_method   = "OPTIONS"
  authorization = "NONE"
}

resource "aws_lambda_function_url" "hook" {
  # ruleid: terraform-no-authentication
  authorization_type = "NONE"
}

resource "aws_lambda_function_url" "inside" {
  # ok: terraform-no-authentication
  authorization_type = "AWS_IAM"
}

data "aws_iam_policy_document" "services" {
  # ruleid: terraform-iam-service-wildcard
  statement {
    actions   = ["logs:PutLogEvents", "s3:*"]
    resources = ["*"]
  }
  # ok: terraform-iam-service-wildcard
  statement {
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.data.arn]
  }
}

resource "aws_iam_policy" "services" {
  policy = jsonencode({
    Statement = [
      # ruleid: terraform-iam-service-wildcard
      {
        Effect   = "Allow"
        Action   = ["iam:PassRole"]
        Resource = "*"
      },
      # ok: terraform-iam-service-wildcard
      {
        Effect   = "Allow"
        Action   = "ec2:DescribeInstances"
        Resource = "*"
      },
      # ruleid: terraform-policy-open-to-all
      {
        Effect    = "Allow"
        Principal = { AWS = ["arn:aws:iam::111122223333:root", "*"] }
        Action    = "sqs:SendMessage"
        Condition = {}
      },
    ]
  })
}

resource "aws_launch_template" "app" {
  # ruleid: terraform-instance-metadata-open
  metadata_options {
    http_endpoint = "enabled"
  }
}

resource "aws_launch_template" "better" {
  # ok: terraform-instance-metadata-open
  metadata_options {
    # ok: terraform-instance-metadata-open
    http_tokens = "required"
  }
}

resource "aws_s3_bucket_cors_configuration" "site" {
  cors_rule {
    # ruleid: terraform-cors-any-origin
    allowed_origins = ["*"]
    # ok: terraform-cors-any-origin
    allowed_headers = ["*"]
  }
  cors_rule {
    # ok: terraform-cors-any-origin
    allowed_origins = ["https://www.example.org"]
  }
}

resource "google_storage_bucket" "api" {
  cors {
    # ruleid: terraform-cors-any-origin
    origin = ["*"]
  }
}

resource "aws_kms_key" "own" {
  enable_key_rotation = true
  policy = jsonencode({
    Statement = [
      # ok: terraform-iam-service-wildcard, terraform-policy-open-to-all
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${local.account}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
    ]
  })
}
