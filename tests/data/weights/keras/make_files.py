# Keras files as Keras 2.12 and 3.3 lay them out, written without Keras, and what the networks in them give for an input.
import h5py, json, zipfile, io, numpy as np, os
out=os.path.dirname(os.path.abspath(__file__))+'/'
def rng(): return np.random.default_rng(7)
def w(r,*s): return (r.standard_normal(s)*0.5).astype('f4')
def layer3(cls,name,cfg,module='keras.layers',build=None):
    return {"module":module,"class_name":cls,"config":dict(name=name,trainable=True,dtype={"module":"keras","class_name":"DTypePolicy","config":{"name":"float32"},"registered_name":None},**cfg),"registered_name":None,"build_config":{"input_shape":build or [None,None,4]}}
def seq3(layers): return {"module":"keras","class_name":"Sequential","config":{"name":"sequential","trainable":True,"layers":[layer3("InputLayer","input_layer",{"batch_shape":[None,None,4],"sparse":False})]+layers,"build_input_shape":[None,None,4]},"registered_name":None,"build_config":{"input_shape":[None,None,4]},"compile_config":{"optimizer":"adam"}}
def rec(units,**k): 
    d=dict(units=units,activation="tanh",recurrent_activation="sigmoid",use_bias=True,return_sequences=True,return_state=False,go_backwards=False,stateful=False,unroll=False); d.update(k); return d
def dense(units,act="linear"): return dict(units=units,activation=act,use_bias=True,kernel_initializer={"module":"keras.initializers","class_name":"GlorotUniform","config":{"seed":None},"registered_name":None})
def h5(data,names={},attrs={}):
    b=io.BytesIO()
    with h5py.File(b,'w') as f:
        for k,v in attrs.items(): f.attrs[k]=v
        for k,v in data.items():
            if v is None: f.require_group(k)
            else: f.create_dataset(k,data=v)
    return b.getvalue()
def archive(name,config,data,deflate=False):
    with zipfile.ZipFile(out+name,'w',zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED) as z:
        z.writestr('metadata.json',json.dumps({"keras_version":"3.3.3","date_saved":"2024-05-01@10:00:00"}))
        z.writestr('config.json',json.dumps(config)); z.writestr('model.weights.h5',h5(data))
r=rng()
H=3;I=4;O=2
lstm=[w(r,I,4*H),w(r,H,4*H),w(r,4*H)]; lstm2=[w(r,H,4*H),w(r,H,4*H),w(r,4*H)]; d=[w(r,H,O),w(r,O)]
opt={'optimizer/vars/0':np.array(3,'i8'),'optimizer/vars/1':np.float32(.001),'optimizer/vars/2':w(r,I,4*H)}
# layers named by the user; file groups are by class
archive('lstm_stack.keras',seq3([layer3("LSTM","encoder",rec(H)),layer3("Dropout","drop",{"rate":.5}),layer3("LSTM","decoder",rec(H)),layer3("Dense","classes",dense(O,"softmax"))]),
 {'layers/input_layer/vars':None,'layers/lstm/vars':None,'layers/lstm/cell/vars/0':lstm[0],'layers/lstm/cell/vars/1':lstm[1],'layers/lstm/cell/vars/2':lstm[2],
  'layers/dropout/vars':None,'layers/dropout/seed_generator/vars/0':np.array([1,2],'u4'),
  'layers/lstm_1/cell/vars/0':lstm2[0],'layers/lstm_1/cell/vars/1':lstm2[1],'layers/lstm_1/cell/vars/2':lstm2[2],'layers/dense/vars/0':d[0],'layers/dense/vars/1':d[1],'vars':None,**opt},deflate=True)
g=[w(r,I,3*H),w(r,H,3*H),w(r,2,3*H)]
archive('gru_time_distributed.keras',seq3([layer3("GRU","gru",rec(H,reset_after=True)),layer3("TimeDistributed","time_distributed",{"layer":layer3("Dense","inner",dense(O))})]),
 {'layers/gru/cell/vars/0':g[0],'layers/gru/cell/vars/1':g[1],'layers/gru/cell/vars/2':g[2],'layers/time_distributed/layer/vars/0':d[0],'layers/time_distributed/layer/vars/1':d[1]})
archive('tf2_12.keras',{"module":"keras","class_name":"Sequential","config":{"name":"sequential","layers":[{"module":"keras.layers","class_name":"LSTM","config":dict(name="lstm_7",**rec(H)),"registered_name":None},{"module":"keras.layers","class_name":"Dense","config":dict(name="dense_3",**dense(O)),"registered_name":None}]}},
 {'_layer_checkpoint_dependencies/lstm/cell/vars/0':lstm[0],'_layer_checkpoint_dependencies/lstm/cell/vars/1':lstm[1],'_layer_checkpoint_dependencies/lstm/cell/vars/2':lstm[2],'_layer_checkpoint_dependencies/lstm/vars':None,'_layer_checkpoint_dependencies/dense/vars/0':d[0],'_layer_checkpoint_dependencies/dense/vars/1':d[1]})
archive('bidirectional.keras',seq3([layer3("Bidirectional","bidirectional",{"merge_mode":"concat","layer":layer3("LSTM","lstm",rec(H))}),layer3("Dense","dense",dense(O))]),
 {**{'layers/bidirectional/%s_layer/cell/vars/%d'%(x,i):lstm[i] for x in('forward','backward') for i in range(3)},'layers/dense/vars/0':w(r,2*H,O),'layers/dense/vars/1':d[1]})
# Keras 2 files
def keras2(name,layers,weights,model=True,cls="Sequential"):
    with h5py.File(out+name,'w') as f:
        g=f
        if model:
            f.attrs['keras_version']='2.12.0';f.attrs['backend']='tensorflow'
            f.attrs['model_config']=json.dumps({"class_name":cls,"config":{"name":"m","layers":layers}})
            g=f.create_group('model_weights')
        g.attrs['layer_names']=np.array([n.encode() for n in weights],dtype='S'); g.attrs['keras_version']='2.12.0'
        for n,ws in weights.items():
            lg=g.create_group(n); lg.attrs['weight_names']=np.array([k.encode() for k in ws],dtype='S') if ws else np.zeros(0,'S1')
            for k,v in ws.items(): lg.create_dataset(k,data=v)
def l2(cls,name,cfg,inbound=None):
    x={"class_name":cls,"config":dict(name=name,**cfg)}
    if inbound is not None: x["name"]=name; x["inbound_nodes"]=[[[i,0,0,{}] for i in inbound]] if inbound else []
    return x
def cell(n,c,ws): return {'%s/%s/%s:0'%(n,c,k):v for k,v in zip(('kernel','recurrent_kernel','bias'),ws)}
def dn(n,ws): return {'%s/%s:0'%(n,k):v for k,v in zip(('kernel','bias'),ws)}
s=[w(r,I,H),w(r,H,H),w(r,H)]
keras2('simple_rnn_relu.h5',[l2("SimpleRNN","simple_rnn",dict(units=H,activation="relu",use_bias=True)),l2("Dense","dense",dense(O))],{'simple_rnn':cell('simple_rnn','simple_rnn_cell',s),'dense':dn('dense',d)})
keras2('simple_rnn.weights.h5',None,{'simple_rnn':cell('simple_rnn','simple_rnn_cell',s),'dense':dn('dense',d)},model=False)
keras2('gru_reset_before.h5',[l2("GRU","gru",rec(H,reset_after=False))],{'gru':cell('gru','gru_cell',[g[0],g[1],w(r,3*H)])})
keras2('gru_no_bias.weights.h5',None,{'gru':cell('gru','gru_cell',g[:2])},model=False)
keras2('gru_no_bias.h5',[l2("GRU","gru",rec(H,reset_after=True,use_bias=False)),l2("Dense","dense",dense(O))],{'gru':cell('gru','gru_cell',g[:2]),'dense':dn('dense',d)})
keras2('lstm_hard_sigmoid.h5',[l2("LSTM","lstm",rec(H,recurrent_activation="hard_sigmoid"))],{'lstm':cell('lstm','lstm_cell',lstm)})
keras2('lstm_backwards.h5',[l2("LSTM","lstm",rec(H,go_backwards=True))],{'lstm':cell('lstm','lstm_cell',lstm)})
keras2('cudnn_lstm.weights.h5',None,{'cu_dnnlstm':{'cu_dnnlstm/kernel:0':lstm[0],'cu_dnnlstm/recurrent_kernel:0':lstm[1],'cu_dnnlstm/bias:0':w(r,8*H)}},model=False)
# eleven layers whose names sort badly, without an order in the file
with h5py.File(out+'eleven_layers.weights.h5','w') as f:
    for i in range(11):
        n='lstm' if i==0 else 'lstm_%d'%i
        ws=[w(r,I if i==0 else 2,8),w(r,2,8),w(r,8)]
        ws[2][0]=i
        for j in range(3): f['layers/%s/cell/vars/%d'%(n,j)]=ws[j]
# seq2seq: the decoder reads its own input although the widths would chain
e=[w(r,H,4*H),w(r,H,4*H),w(r,4*H)]
keras2('seq2seq.h5',[l2("InputLayer","a",{},[]),l2("InputLayer","b",{},[]),l2("LSTM","encoder",rec(H,return_state=True),["a"]),l2("LSTM","decoder",rec(H),["b","encoder","encoder"]),l2("Dense","dense",dense(O,"softmax"),["decoder"])],
 {'a':{},'b':{},'encoder':cell('encoder','lstm_cell',lstm),'decoder':cell('decoder','lstm_cell',e),'dense':dn('dense',d)},cls="Functional")
keras2('narrowing.h5',[l2("LSTM","lstm",rec(H)),l2("LSTM","lstm_1",rec(2)),l2("Dense","dense",dense(O))],{'lstm':cell('lstm','lstm_cell',lstm),'lstm_1':cell('lstm_1','lstm_cell_1',[w(r,H,8),w(r,2,8),w(r,8)]),'dense':dn('dense',[w(r,2,O),d[1]])})
with h5py.File(out+'state_groups.h5','w') as f:
    for k,v in {'lstm/weight_ih_l0':lstm[0].T,'lstm/weight_hh_l0':lstm[1].T,'lstm/bias_ih_l0':lstm[2],'lstm/bias_hh_l0':np.zeros(4*H,'f4'),'head/linear/weight':d[0].T,'head/linear/bias':d[1],'training/epochs':np.array(3)}.items(): f[k]=v
    f['note']='text'
with h5py.File(out+'state_chunked_latest.h5','w',libver='latest') as f:
    for i in range(12): f.create_dataset('extra%d'%i,data=np.arange(i,dtype='i2'))
    f.create_dataset('rnn.weight_ih_l0',data=lstm[0].T,chunks=(5,2),compression='gzip',shuffle=True,fletcher32=True)
    f.create_dataset('rnn.weight_hh_l0',data=lstm[1].T.astype('f8'),chunks=(4,3))
    f.create_dataset('rnn.bias_ih_l0',data=lstm[2].astype('f2'),maxshape=(None,),chunks=(5,))
    f.create_dataset('rnn.bias_hh_l0',data=lstm[2].astype('>f4'))

# What the networks give, by Keras' own formulas.
def sig(x): return 1/(1+np.exp(-x))
def run_lstm(x,k,u,b):
    h=np.zeros(len(u)); c=h; out=[]
    for t in x:
        i,f,g,o=np.split(t@k+h@u+b,4); c=sig(f)*c+sig(i)*np.tanh(g); h=sig(o)*np.tanh(c); out.append(h)
    return np.array(out)
def run_gru(x,k,u,b):
    h=np.zeros(len(u)); out=[]
    for t in x:
        xz,xr,xh=np.split(t@k+b[0],3); hz,hr,hh=np.split(h@u+b[1],3)
        z=sig(xz+hz); h=z*h+(1-z)*np.tanh(xh+sig(xr+hr)*hh); out.append(h)
    return np.array(out)
def run_simple(x,k,u,b,f):
    h=np.zeros(len(u)); out=[]
    for t in x: h=f(t@k+b+h@u); out.append(h)
    return np.array(out)
x=w(rng(),6,I).astype('f8')
z=np.zeros((2,3*H))
results={'lstm_stack.keras':run_lstm(run_lstm(x,*lstm),*lstm2),'gru_time_distributed.keras':run_gru(x,*g),'tf2_12.keras':run_lstm(x,*lstm),
 'simple_rnn_relu.h5':run_simple(x,*s,lambda v:np.maximum(v,0)),'simple_rnn.weights.h5':run_simple(x,*s,np.tanh),'gru_no_bias.h5':run_gru(x,g[0],g[1],z)}
with h5py.File(out+'expected.h5','w') as f:
    for k,v in results.items():
        f[k+'/input']=x.astype('f4'); f[k+'/output']=(v@d[0]+d[1]).astype('f4')

# Counts from -20 in every filter and kind of number; the first 9 entries of `holes` were never written.
with h5py.File(out+'chunk_layouts.h5','w') as f:
    i=0
    for n,kw in enumerate([dict(),dict(compression='gzip'),dict(shuffle=True,compression='gzip',fletcher32=True),dict(fletcher32=True)]):
        for shape,chunk in [((7,5),(3,2)),((41,),(6,)),((2,3,5),(2,2,4))]:
            for dt in ['f4','>f8'] if n%2 else ['f2','i4']:
                f.create_dataset('a%02d'%i,data=(np.arange(np.prod(shape))-20).reshape(shape).astype(dt),chunks=chunk,**kw); i+=1
    d=f.create_dataset('holes',(18,),'f4',chunks=(3,),fillvalue=2.5,compression='gzip'); d[9:]=np.arange(9,18)-20

# A chunk that inflates to less and one that inflates to more than it has.
for name,count in [('chunk_too_short.h5',3),('chunk_too_long.h5',200)]:
    with h5py.File(out+name,'w') as f:
        d=f.create_dataset('lstm.weight_ih_l0',(4,4),'f4',chunks=(4,4),compression='gzip')
        import zlib
        d.id.write_direct_chunk((0,0),zlib.compress(np.zeros(count,'f4').tobytes()))
