using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage;

/// <summary>A group of an HDF5 file: a path under which groups and datasets are found and made. Looking is local; making is collective.</summary>
public unsafe partial class Hdf5Group
{
    private const int ByName = 0, Increasing = 0;           // H5_INDEX_NAME, H5_ITER_INC
    private const int GroupObject = 2, DatasetObject = 5;   // H5I_GROUP, H5I_DATASET
    private const int NamesShown = 20, DepthShown = 5;

    internal Hdf5Group(OpenFile container, string path)
    {
        (Container, Path) = (container, path);
        Attributes = new Hdf5Attributes(container, path);
    }

    internal OpenFile Container { get; }

    /// <summary>The absolute path, "/" for the file's root.</summary>
    public string Path { get; }

    /// <summary>Attributes of this group; of the root, those of the file.</summary>
    public Hdf5Attributes Attributes { get; }

    /// <summary>Names of the datasets directly in this group, sorted.</summary>
    public IReadOnlyList<string> DatasetNames => MembersOf(DatasetObject);

    /// <summary>Names of the groups directly in this group, sorted.</summary>
    public IReadOnlyList<string> GroupNames => MembersOf(GroupObject);

    /// <summary>Whether the path, relative to this group, leads to a dataset.</summary>
    public bool ContainsDataset(string name) => KindOf(Absolute(name)) == DatasetObject;

    /// <summary>Whether the path, relative to this group, leads to a group.</summary>
    public bool ContainsGroup(string name) => KindOf(Absolute(name)) == GroupObject;

    /// <summary>The dataset at a path relative to this group, or absolute with a leading slash. Local.</summary>
    /// <exception cref="Hdf5Exception">There is none; the message lists those that are there.</exception>
    public Hdf5Dataset Dataset(string name)
    {
        string path = Absolute(name);
        if (KindOf(path) != DatasetObject)
            throw Container.Error($"dataset {path.TrimStart('/')}", $"there is no such dataset; there are: {ListOf(AllDatasets())}");
        return Hdf5Dataset.Open(Container, path);
    }

    /// <summary>The group at a path relative to this group, or absolute. Local.</summary>
    /// <exception cref="Hdf5Exception">There is none; the message lists those in this group.</exception>
    public Hdf5Group Group(string name)
    {
        string path = Absolute(name);
        if (KindOf(path) != GroupObject)
            throw Container.Error($"group {path.TrimStart('/')}", $"there is no such group; there are: {ListOf(GroupNames)}");
        return new Hdf5Group(Container, path);
    }

    private protected string Absolute(string name) => name.StartsWith('/') ? name : Path == "/" ? $"/{name}" : $"{Path}/{name}";

    private List<string> MembersOf(int kind)
    {
        using Hdf5Entry entered = Container.Enter();
        return [.. Links(Path).Where(name => KindOf(Absolute(name)) == kind)];
    }

    private List<string> Links(string path)
    {
        List<string> names = [];
        byte* name = stackalloc byte[1024];
        GroupInfo info;
        fixed (byte* at = Text.ToUtf8(path))
        {
            if (Container.H5.H5Gget_info_by_name(Container.Id, at, &info, 0) < 0)
                return names;
            for (ulong i = 0; i < info.Links; i++)
                if (Container.H5.H5Lget_name_by_idx(Container.Id, at, ByName, Increasing, i, name, 1024, 0) >= 0)
                    names.Add(Text.FromUtf8(name, 1024));
        }
        return names;
    }

    /// <summary>−1 where the path leads nowhere: a missing name, or a link that points at nothing.</summary>
    private int KindOf(string path)
    {
        using Hdf5Entry entered = Container.Enter();
        fixed (byte* at = Text.ToUtf8(path))
        {
            long id = Container.H5.H5Oopen(Container.Id, at, 0);
            if (id < 0)
                return -1;
            int kind = Container.H5.H5Iget_type(id);
            _ = Container.H5.H5Idec_ref(id);
            return kind;
        }
    }

    /// <summary>Datasets anywhere below the file's root, for a message: some, not too deep, as links can form loops.</summary>
    private List<string> AllDatasets()
    {
        List<string> found = [];
        void Visit(string path, int depth)
        {
            foreach (string name in Links(path))
            {
                string member = path == "/" ? $"/{name}" : $"{path}/{name}";
                int kind = found.Count > NamesShown ? -1 : KindOf(member);
                if (kind == DatasetObject)
                    found.Add(member.TrimStart('/'));
                else if (kind == GroupObject && depth < DepthShown)
                    Visit(member, depth + 1);
            }
        }
        using Hdf5Entry entered = Container.Enter();
        Visit("/", 0);
        return found;
    }

    private static string ListOf(IReadOnlyList<string> names) => names.Count == 0 ? "none"
        : names.Count > NamesShown ? string.Join(", ", names.Take(NamesShown)) + ", …" : string.Join(", ", names);
}
