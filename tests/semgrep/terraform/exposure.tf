resource "aws_security_group" "shell" {
  # ruleid: terraform-ingress-open
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  # ruleid: terraform-ingress-open
  ingress {
    from_port        = 0
    to_port          = 0
    protocol         = "-1"
    ipv6_cidr_blocks = ["::/0"]
  }
  # ok: terraform-ingress-open
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  # ok: terraform-ingress-open
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
  # ok: terraform-ingress-open
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# ruleid: terraform-ingress-open
resource "aws_security_group_rule" "database" {
  type        = "ingress"
  from_port   = 5432
  to_port     = 5432
  protocol    = "tcp"
  cidr_blocks = ["10.0.0.0/8", "0.0.0.0/0"]
}

# ok: terraform-ingress-open
resource "aws_security_group_rule" "out" {
  type        = "egress"
  from_port   = 0
  to_port     = 0
  protocol    = "-1"
  cidr_blocks = ["0.0.0.0/0"]
}

# ruleid: terraform-ingress-open
resource "google_compute_firewall" "shell" {
  network       = "default"
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["22"]
  }
}

# ok: terraform-ingress-open
resource "google_compute_firewall" "web" {
  network       = "default"
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}

# ruleid: terraform-network-rule-open
resource "azurerm_network_security_rule" "desktop" {
  direction                  = "Inbound"
  access                     = "Allow"
  protocol                   = "Tcp"
  destination_port_range     = "3389"
  source_address_prefix      = "*"
  destination_address_prefix = "*"
}

# ok: terraform-network-rule-open
resource "azurerm_network_security_rule" "web" {
  direction                  = "Inbound"
  access                     = "Allow"
  protocol                   = "Tcp"
  destination_port_range     = "443"
  source_address_prefix      = "Internet"
  destination_address_prefix = "*"
}

# ruleid: terraform-network-rule-open
resource "azurerm_postgresql_firewall_rule" "all" {
  start_ip_address = "0.0.0.0"
  end_ip_address   = "255.255.255.255"
}

# ok: terraform-network-rule-open
resource "azurerm_postgresql_firewall_rule" "office" {
  start_ip_address = "198.51.100.0"
  end_ip_address   = "198.51.100.255"
}

resource "google_sql_database_instance" "main" {
  settings {
    ip_configuration {
      # ruleid: terraform-transport-unencrypted
      require_ssl = false
      # ruleid: terraform-network-rule-open
      authorized_networks {
        value = "0.0.0.0/0"
      }
    }
  }
}

# ruleid: terraform-storage-unencrypted
resource "aws_db_instance" "open" {
  engine = "postgres"
  # ruleid: terraform-database-public
  publicly_accessible = true
  # ruleid: terraform-secret-literal
  password = "sunflower42"
}

# ok: terraform-storage-unencrypted
resource "aws_db_instance" "main" {
  engine            = "postgres"
  storage_encrypted = true
  # ok: terraform-database-public
  publicly_accessible = false
  # ok: terraform-secret-literal
  password = var.db_password
}

resource "aws_redshift_cluster" "main" {
  # ruleid: terraform-storage-unencrypted
  encrypted = false
  # ruleid: terraform-database-public
  publicly_accessible = "true"
  # ok: terraform-database-public
  # publicly_accessible = true
}

# ruleid: terraform-cluster-endpoint-open
resource "aws_eks_cluster" "open" {
  name = "open"
  vpc_config {
    endpoint_public_access = true
  }
}

# ok: terraform-cluster-endpoint-open
resource "aws_eks_cluster" "inside" {
  name = "inside"
  vpc_config {
    endpoint_public_access = false
  }
}

module "eks" {
  # ruleid: terraform-module-unpinned
  source = "git::https://example.org/modules/eks.git"
  # ruleid: terraform-cluster-endpoint-open
  cluster_endpoint_public_access_cidrs = ["0.0.0.0/0"]
}

module "network" {
  # ruleid: terraform-module-unpinned
  source = "github.com/example/modules//network"
}

module "pinned" {
  # ok: terraform-module-unpinned
  source = "git::https://example.org/modules/eks.git?ref=4f58ea79222b3b9dc2c8bbdd6debcef730109a75"
  # ok: terraform-cluster-endpoint-open
  cluster_endpoint_public_access_cidrs = ["198.51.100.0/24"]
}

module "registry" {
  # ok: terraform-module-unpinned
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.13.0"
}

resource "kubernetes_pod" "agent" {
  spec {
    # ruleid: terraform-container-rights
    host_network = true
    container {
      security_context {
        # ruleid: terraform-container-privileged
        privileged = true
        # ruleid: terraform-container-rights
        allow_privilege_escalation = true
        # ok: terraform-container-rights
        run_as_non_root = true
      }
    }
    container {
      security_context {
        # ok: terraform-container-privileged
        privileged = false
        # ok: terraform-container-rights
        allow_privilege_escalation = false
      }
    }
  }
}

resource "aws_ecs_task_definition" "agent" {
  container_definitions = jsonencode([{
    name = "agent"
    # ruleid: terraform-container-privileged
    "privileged" : true
    # ok: terraform-container-privileged
    "readonlyRootFilesystem" : true
  }])
}
