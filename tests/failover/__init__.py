"""PostgreSQL on three machines, kept by Patroni and etcd, some of which are lost."""
